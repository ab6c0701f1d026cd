import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { groupsOf, type QuantizedRows } from "../../../src/core/export/quantizedLayer";
import { halfToFloat, floatToHalf } from "../../../src/core/decode/half";
import { findSplitScheme } from "../../../src/core/quant/split/registry";
import { awqRounding, roundToNearest } from "../../../src/core/quant/split/roundToNearest";
import type { SplitMatrix } from "../../../src/core/quant/split/splitScheme";

interface GptqCase {
  bits: number;
  group_size: number;
  sym: boolean;
  desc_act: boolean;
  codes_u8: string;
  scale_f32: string;
  zero: number[];
  g_idx: number[] | string;
}

const golden = JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/packing_golden.json"), "utf8")) as {
  awq: {
    zero_point: { group_size: number; scales_f32: string; zeros: number[] };
    gemm_pack: { qweight_i32: string; qzeros_i32: string; scales_f16: string };
  };
  compressed_tensors_pack: Record<string, { packed_i32: string }>;
  gptq: { cases: Record<string, GptqCase>; packed: Record<string, { qweight_i32: string; qzeros_v2_i32: string; scales_f16: string }> };
};

const [rows, columns] = [32, 256];
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const floatsOf = (hex: string): Float32Array => new Float32Array(bytesOf(hex).buffer);
const hexOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes!).toString("hex");

/** The vectors' weights. */
function weights(): Float32Array {
  let state = 4242;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) >>> 16;
  };
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const value = (draw() + draw() + draw() + draw() - 131070) * 2 ** -22;
    return i % 97 === 96 ? value * 8 : value;
  });
}

/** Every part of a matrix, packed whole. */
function packed(id: string, layer: QuantizedRows, dtype = "F16"): Uint8Array[] {
  const scheme = findSplitScheme(id)!;
  const matrix: SplitMatrix = { rows: layer.rows, columns: layer.columns, dtype };
  const parts = scheme
    .regions(matrix, 0, layer.rows * layer.columns)
    .map(({ bytes, runs, at }) => (assert.equal(at, 0), new Uint8Array(bytes * runs)));
  scheme.pack!(layer, matrix, parts);
  return parts;
}

describe("packing of quantized layers", () => {
  for (const [name, vector] of Object.entries(golden.gptq.cases)) {
    it(`GPTQ ${name}: the words of GPTQModel's own packer`, () => {
      const { bits, group_size: groupSize, sym: symmetric } = vector;
      const ordered = Array.isArray(vector.g_idx);
      const layer: QuantizedRows = {
        ...{ rows, columns, bits, groupSize, symmetric },
        codes: bytesOf(vector.codes_u8),
        scales: floatsOf(vector.scale_f32),
        zeros: Float32Array.from(vector.zero),
        ...(Array.isArray(vector.g_idx) ? { groupIndex: Int32Array.from(vector.g_idx) } : {}),
      };
      const form = `int${bits}${symmetric ? "-sym" : ""}-g${groupSize}${ordered ? "-order" : ""}`;
      const [codes, zeros, scales, order] = packed(`gptq-v2:${form}`, layer);
      const expected = golden.gptq.packed[name]!;
      assert.equal(hexOf(codes), expected.qweight_i32);
      assert.equal(hexOf(zeros), expected.qzeros_v2_i32);
      assert.equal(hexOf(scales), expected.scales_f16);
      const groups = Array.isArray(vector.g_idx) ? vector.g_idx : Array.from({ length: columns }, (_, i) => Math.floor(i / groupSize));
      assert.deepEqual([...new Int32Array(order!.buffer)], groups);
    });
  }

  it("GPTQ's first version stores zero-points one less, word by word as its loaders add it again", () => {
    const form = {
      rows: 32,
      columns: 32,
      groupSize: 32,
      symmetric: false,
      codes: new Uint8Array(1024),
      scales: new Float32Array(32).fill(1),
    };
    for (const [bits, ones] of [
      [2, 0x55555555],
      [4, 0x11111111],
      [8, 0x01010101],
    ] as const) {
      const layer = { ...form, bits, zeros: Float32Array.from({ length: 32 }, (_, i) => i % 2 ** bits) };
      const [first, second] = ["gptq", "gptq-v2"].map((id) => new Uint32Array(packed(`${id}:int${bits}-g32`, layer)[1]!.buffer));
      assert.deepEqual(
        first,
        second!.map((word) => word - ones),
      );
    }
    const layer = { ...form, bits: 3, zeros: Float32Array.from({ length: 32 }, (_, i) => i % 8) };
    const less = { ...layer, zeros: layer.zeros.map((zero) => (zero + 7) % 8) };
    assert.deepEqual(packed("gptq:int3-g32", layer)[1], packed("gptq-v2:int3-g32", less)[1]);
  });

  it("AWQ: the words of AutoAWQ's own packer, of the weights that its rounding gives", () => {
    const { zero_point: vector, gemm_pack: expected } = golden.awq;
    const form = { bits: 4, groupSize: vector.group_size, symmetric: false };
    const matrix: SplitMatrix = { rows, columns, dtype: "F32" };
    const own = roundToNearest(weights(), matrix, form, awqRounding);
    assert.deepEqual([...own.zeros], vector.zeros);
    assert.deepEqual([...own.scales], [...floatsOf(vector.scales_f32)]);
    // The packer was given half-precision weights, and works out codes from half-precision scales.
    const halves = weights().map((value) => halfToFloat(floatToHalf(value)));
    const layer = roundToNearest(halves, matrix, form, awqRounding);
    const scales = layer.scales.map((scale) => halfToFloat(floatToHalf(scale)));
    const [codes, zeros, packedScales] = packed("awq:int4-g64", { ...layer, scales });
    assert.equal(hexOf(zeros), expected.qzeros_i32);
    assert.equal(hexOf(packedScales), expected.scales_f16);
    assert.equal(hexOf(codes), expected.qweight_i32);
  });

  for (const [bits, { packed_i32: expected }] of Object.entries(golden.compressed_tensors_pack).filter(([width]) => Number(width) > 1)) {
    it(`compressed-tensors, ${bits} bits: the words of its own packer, also where rows end inside a word`, () => {
      const [height, width] = [3, 40];
      const codes = Uint8Array.from({ length: height * width }, (_, i) => {
        const [r, k] = [Math.floor(i / width), i % width];
        return (53 * r + 29 * k + 7 * k * k) % 2 ** Number(bits);
      });
      const numbers = height * groupsOf(width, -1);
      const layer: QuantizedRows = {
        ...{ rows: height, columns: width, bits: Number(bits), groupSize: -1, symmetric: true, codes },
        scales: new Float32Array(numbers).fill(1),
        zeros: new Float32Array(numbers).fill(2 ** (Number(bits) - 1)),
      };
      assert.equal(hexOf(packed(`pack-quantized:int${bits}-sym-channel`, layer)[0]), expected);
    });
  }
});
