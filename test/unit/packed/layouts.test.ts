import assert from "node:assert/strict";
import { halfToFloat } from "../../../src/core/decode/half";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { openSource } from "../../../src/jobs/tasks/byteSource";
import { codesOf, openFiles, warningOf } from "../../support/openBytes";
import { bytesOfWords, packStream, randomHalves, randomWords } from "../../support/packedWriter";
import { type WrittenTensor, writeSafetensors } from "../../support/safetensorsWriter";

const [rows, columns, group] = [32, 96, 32];
const groups = columns / group;

function open(tensors: readonly WrittenTensor[], quantization?: Record<string, unknown>): Promise<Checkpoint> {
  const config = JSON.stringify({ model_type: "llama", ...(quantization ? { quantization_config: quantization } : {}) });
  return openFiles({ "model.safetensors": writeSafetensors(tensors), "config.json": config }, "model.safetensors");
}

function valuesOf(checkpoint: Checkpoint, shape: readonly [rows: number, columns: number] = [rows, columns]): Float32Array {
  const name = "l.weight";
  const tensor = checkpoint.tensors.find((candidate) => candidate.name === name);
  assert.ok(tensor?.source, `${name} is not shown as a packed weight: ${checkpoint.tensors.map((t) => t.name).join()}`);
  assert.deepEqual(tensor.shape, shape);
  const whole = new Float32Array(shape[0] * shape[1]);
  const source = openSource(tensor.source.ref);
  source.read(0, new Uint8Array(whole.buffer));
  // Any range reads the same as the whole, also one that begins and ends inside rows and values.
  for (const [start, length] of [
    [0, 4],
    [shape[1] * 4 * 3 + 20, shape[1] * 4 * 2],
    [4 * 7 + 1, 9],
    [whole.byteLength - 6, 6],
  ] as const) {
    const range = new Uint8Array(length);
    source.read(start, range);
    assert.deepEqual(range, new Uint8Array(whole.buffer, start, length));
  }
  source.close();
  return whole;
}

/** GPTQ with the given codes and stored zero-points. */
function gptqTensors(
  bits: number,
  code: (row: number, column: number) => number,
  zero: (group: number, row: number) => number,
  order?: number[],
) {
  const columnWords = Array.from({ length: rows }, (_, row) =>
    packStream(
      Array.from({ length: columns }, (_, c) => code(row, c)),
      bits,
    ),
  );
  const depth = columnWords[0]!.length;
  const qweight = Uint32Array.from({ length: depth * rows }, (_, i) => columnWords[i % rows]![Math.floor(i / rows)]!);
  const zeroWords = Array.from({ length: groups }, (_, g) => [
    ...packStream(
      Array.from({ length: rows }, (_, row) => zero(g, row)),
      bits,
    ),
  ]).flat();
  const scales = randomHalves(groups * rows, 5);
  const tensors: WrittenTensor[] = [
    { name: "l.qweight", dtype: "I32", shape: [depth, rows], bytes: bytesOfWords(qweight) },
    { name: "l.qzeros", dtype: "I32", shape: [groups, (rows * bits) / 32], bytes: bytesOfWords(Uint32Array.from(zeroWords)) },
    { name: "l.scales", dtype: "F16", shape: [groups, rows], bytes: scales },
    ...(order ? [{ name: "l.g_idx", dtype: "I32", shape: [columns], bytes: bytesOfWords(Uint32Array.from(order)) }] : []),
  ];
  const halves = new Uint16Array(scales.buffer, scales.byteOffset);
  return { tensors, scale: (g: number, row: number) => halfToFloat(halves[g * rows + row]!) };
}

describe("packed weights", () => {
  for (const bits of [2, 3, 4, 8]) {
    it(`GPTQ of ${bits} bits, every code and zero-point in its place`, async () => {
      const mask = 2 ** bits - 1;
      const code = (row: number, column: number) => (row * 7 + column * 3) & mask;
      const zero = (g: number, row: number) => (g + row) & mask;
      const { tensors, scale } = gptqTensors(bits, code, zero);
      const checkpoint = await open(tensors, { quant_method: "gptq", bits, group_size: group, checkpoint_format: "gptq_v2" });
      const values = valuesOf(checkpoint);
      for (let row = 0; row < rows; row++) {
        for (let c = 0; c < columns; c++) {
          const g = Math.floor(c / group);
          assert.equal(values[row * columns + c], Math.fround((code(row, c) - zero(g, row)) * scale(g, row)));
        }
      }
      const [tensor] = checkpoint.tensors;
      assert.deepEqual([tensor!.dtype, tensor!.packed!.groupSize, checkpoint.stored!.length], [`GPTQ-int${bits}`, group, 3]);
      assert.equal(
        tensor!.bytes,
        tensors.reduce((sum, { bytes }) => sum + bytes!.length, 0),
      );
    });
  }

  it("GPTQ in the order of g_idx", async () => {
    const order = Array.from({ length: columns }, (_, c) => (c * 5) % groups);
    const { tensors, scale } = gptqTensors(
      4,
      (row, c) => (row + c) & 15,
      () => 8,
      order,
    );
    const values = valuesOf(
      await open(tensors, { quant_method: "gptq", bits: 4, group_size: group, desc_act: true, checkpoint_format: "gptq_v2" }),
    );
    assert.equal(values[5 * columns + 10], Math.fround((15 - 8) * scale(order[10]!, 5)));
    assert.equal(values[6 * columns + 11], Math.fround((17 - 16 - 8) * scale(order[11]!, 6)));
  });

  it("zero-points that contradict the config are a finding, and the data is believed", async () => {
    const { tensors, scale } = gptqTensors(
      4,
      () => 9,
      () => 7,
    );
    const checkpoint = await open(tensors, { quant_method: "gptq", bits: 4, group_size: group, sym: true, checkpoint_format: "gptq_v2" });
    const finding = warningOf(checkpoint, "gptq.zero-point-format");
    assert.match(finding.message, /"gptq".*"gptq_v2"/);
    assert.equal(valuesOf(checkpoint)[0], Math.fround((9 - 8) * scale(0, 0)));
    const right = await open(tensors, { quant_method: "gptq", bits: 4, group_size: group, sym: true, checkpoint_format: "gptq" });
    assert.deepEqual(codesOf(right), []);
  });

  it("AWQ, whose nibbles have an order of their own", async () => {
    const nibbles = [0, 2, 4, 6, 1, 3, 5, 7];
    const code = (row: number, c: number) => (row * 3 + c) & 15;
    const word = (first: number, value: (row: number) => number) =>
      nibbles.reduce((sum, row, i) => (sum | (value(first + row) << (4 * i))) >>> 0, 0);
    const perRow = rows / 8;
    const qweight = Uint32Array.from({ length: columns * perRow }, (_, i) =>
      word(8 * (i % perRow), (row) => code(row, Math.floor(i / perRow))),
    );
    const qzeros = Uint32Array.from({ length: groups * perRow }, (_, i) =>
      word(8 * (i % perRow), (row) => (row + Math.floor(i / perRow)) & 15),
    );
    const scales = randomHalves(groups * rows, 9);
    const halves = new Uint16Array(scales.buffer, scales.byteOffset);
    const values = valuesOf(
      await open([
        { name: "l.qweight", dtype: "I32", shape: [columns, perRow], bytes: bytesOfWords(qweight) },
        { name: "l.qzeros", dtype: "I32", shape: [groups, perRow], bytes: bytesOfWords(qzeros) },
        { name: "l.scales", dtype: "F16", shape: [groups, rows], bytes: scales },
      ]),
    );
    for (const [row, c] of [
      [0, 0],
      [11, 40],
      [23, 95],
    ] as const) {
      const g = Math.floor(c / group);
      assert.equal(values[row * columns + c], Math.fround((code(row, c) - ((row + g) & 15)) * halfToFloat(halves[g * rows + row]!)));
    }
  });

  for (const bits of [3, 4, 5, 8]) {
    it(`compressed-tensors of ${bits} bits with zero-points`, async () => {
      const mask = 2 ** bits - 1;
      const middle = 2 ** (bits - 1);
      const code = (row: number, c: number) => (row * 5 + c) & mask;
      const zero = (row: number, g: number) => (row + 2 * g) & mask;
      const packed = Array.from({ length: rows }, (_, row) => [
        ...packStream(
          Array.from({ length: columns }, (_, c) => code(row, c)),
          bits,
        ),
      ]).flat();
      const down = Array.from({ length: groups }, (_, g) =>
        packStream(
          Array.from({ length: rows }, (_, row) => zero(row, g)),
          bits,
        ),
      );
      const zeros = Uint32Array.from({ length: down[0]!.length * groups }, (_, i) => down[i % groups]![Math.floor(i / groups)]!);
      const scales = Float32Array.from({ length: rows * groups }, (_, i) => 0.01 + i / 1000);
      const values = valuesOf(
        await open(
          [
            { name: "l.weight_packed", dtype: "I32", shape: [rows, packed.length / rows], bytes: bytesOfWords(Uint32Array.from(packed)) },
            { name: "l.weight_scale", dtype: "F32", shape: [rows, groups], bytes: new Uint8Array(scales.buffer) },
            { name: "l.weight_zero_point", dtype: "I32", shape: [down[0]!.length, groups], bytes: bytesOfWords(zeros) },
            {
              name: "l.weight_shape",
              dtype: "I64",
              shape: [2],
              bytes: new Uint8Array(BigInt64Array.from([BigInt(rows), BigInt(columns)]).buffer),
            },
          ],
          { quant_method: "compressed-tensors", config_groups: { group_0: { weights: { num_bits: bits } } } },
        ),
      );
      for (const [row, c] of [
        [0, 0],
        [7, 33],
        [23, 95],
      ] as const) {
        const g = Math.floor(c / group);
        const expected = Math.fround((code(row, c) - middle - (zero(row, g) - middle)) * scales[row * groups + g]!);
        assert.equal(values[row * columns + c], expected, `${row} ${c}`);
      }
    });
  }

  it("block scales as DeepSeek has them", async () => {
    const codes = new Uint8Array(rows * columns).fill(0x38);
    const scales = Float32Array.from({ length: 2 * 3 }, (_, i) => i + 1);
    const values = valuesOf(
      await open(
        [
          { name: "l.weight", dtype: "F8_E4M3", shape: [rows, columns], bytes: codes },
          { name: "l.weight_scale_inv", dtype: "F32", shape: [2, 3], bytes: new Uint8Array(scales.buffer) },
        ],
        { quant_method: "fp8", weight_block_size: [16, 40] },
      ),
    );
    assert.deepEqual([values[0], values[41], values[95], values[16 * columns], values[23 * columns + 95]], [1, 2, 3, 4, 6]);
  });

  it("block scales without a config are of blocks of 128, also where the last ones are smaller", async () => {
    const shape = [300, 200] as const;
    const values = valuesOf(
      await open([
        { name: "l.weight", dtype: "F8_E4M3", shape: [...shape], bytes: new Uint8Array(300 * 200).fill(0x38) },
        { name: "l.weight_scale_inv", dtype: "F32", shape: [3, 2], bytes: new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer) },
      ]),
      shape,
    );
    const at = (row: number, column: number): number => values[row * 200 + column]!;
    assert.deepEqual([at(0, 127), at(0, 128), at(127, 0), at(128, 0), at(255, 199), at(256, 0)], [1, 2, 1, 3, 4, 5]);
  });

  it("gpt-oss experts: 32 four-bit floats under an exponent", async () => {
    const blocks = new Uint8Array(rows * 3 * 16).fill(0x72);
    const scales = Uint8Array.from({ length: rows * 3 }, (_, i) => 126 + (i % 3));
    const checkpoint = await open([
      { name: "e_blocks", dtype: "U8", shape: [2, rows / 2, 3, 16], bytes: blocks },
      { name: "e_scales", dtype: "U8", shape: [2, rows / 2, 3], bytes: scales },
    ]);
    const [tensor] = checkpoint.tensors;
    assert.deepEqual([tensor!.name, tensor!.shape], ["e", [2, rows / 2, columns]]);
    const values = new Float32Array(rows * columns);
    const source = openSource(tensor!.source!.ref);
    source.read(0, new Uint8Array(values.buffer));
    assert.deepEqual([values[0], values[1], values[32], values[33], values[64]], [0.5, 3, 1, 6, 2]);
  });

  it("parts that do not fit each other stay as they are stored", async () => {
    const { tensors } = gptqTensors(
      4,
      () => 1,
      () => 7,
    );
    const odd = tensors.map((tensor) => (tensor.name === "l.scales" ? { ...tensor, shape: [1, groups * rows] } : tensor));
    const checkpoint = await open(odd);
    assert.deepEqual([checkpoint.tensors.length, checkpoint.stored], [3, undefined]);
  });

  it("random words decode without failing, whatever they say", async () => {
    const tensors: WrittenTensor[] = [
      { name: "l.qweight", dtype: "I32", shape: [columns / 8, rows], bytes: bytesOfWords(randomWords((columns / 8) * rows, 1)) },
      { name: "l.qzeros", dtype: "I32", shape: [groups, rows / 8], bytes: bytesOfWords(randomWords((groups * rows) / 8, 2)) },
      { name: "l.scales", dtype: "F16", shape: [groups, rows], bytes: randomHalves(groups * rows, 3) },
      { name: "l.g_idx", dtype: "I32", shape: [columns], bytes: bytesOfWords(randomWords(columns, 4)) },
    ];
    const checkpoint = await open(tensors, { quant_method: "gptq", bits: 4, group_size: group, desc_act: true });
    await assert.rejects(async () => valuesOf(checkpoint), /g_idx|group/);
  });
});
