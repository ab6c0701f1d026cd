import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findDecoder } from "../../../src/core/decode/decoder";
import { CancelledError } from "../../../src/core/errors";
import { npyHeader, writeNpy } from "../../../src/jobs/npyFile";
import { randomFrom, sample, withSpecials } from "../../support/distributions";
import { writeGguf } from "../../support/ggufWriter";
import { openBytes, openFiles } from "../../support/openBytes";
import { bytesOfWords, randomHalves, randomWords } from "../../support/packedWriter";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { checkpointOf, engineOf, f32, quiet } from "./harness";

const rows = 6;
const columns = 512;
const blockTypes = [
  ["Q8_0", 8, 34, 32],
  ["Q4_0", 2, 18, 32],
  ["Q4_K", 12, 144, 256],
  ["Q6_K", 14, 210, 256],
] as const;

/** Scales are made small halves, so that every value is finite. */
function blockBytes(dtype: string, bytes: number, size: number): Uint8Array {
  const random = randomFrom(bytes);
  const stored = Uint8Array.from({ length: ((rows * columns) / size) * bytes }, () => Math.floor(random() * 256));
  const scales = dtype === "Q6_K" ? [208] : dtype === "Q4_K" ? [0, 2] : [0];
  for (let block = 0; block < stored.length; block += bytes) for (const at of scales) stored[block + at + 1] = 0x1c;
  return stored;
}

function blockCheckpoint() {
  const tensors = blockTypes.map(([name, type, bytes, size]) => ({
    name,
    type,
    ne: [columns, rows],
    bytes: blockBytes(name, bytes, size),
  }));
  return openBytes(writeGguf({ tensors }), "model.gguf");
}

describe("a page of values", () => {
  const engine = engineOf(1);

  it("is the decoded rectangle, cut at the edges of the matrix", async () => {
    const values = sample("normal", 3 * 5 * 7, 1);
    const checkpoint = await checkpointOf([f32("x", [3, 5, 7], values)]);
    const page = await engine().values({ checkpoint, tensor: 0, row: 4, rows: 100, column: 2, columns: 3 }, quiet());
    assert.equal(page.values.length, 11);
    page.values.forEach((line, i) => assert.deepEqual(line, Array.from(values.slice((4 + i) * 7 + 2, (4 + i) * 7 + 5))));
    assert.deepEqual([page.name, page.shape, page.row, page.column, page.codes], ["x", [3, 5, 7], 4, 2, undefined]);
    const outside = await engine().values({ checkpoint, tensor: 0, row: 99, rows: 2, column: 99, columns: 2 }, quiet());
    assert.deepEqual(outside.values, []);
  });

  it("spells out what JSON has no number for", async () => {
    const big = new BigInt64Array([9_007_199_254_740_993n, -1n]);
    const integers = Int32Array.of(16_777_217, -1);
    const checkpoint = await checkpointOf([
      f32("x", [3], Float32Array.of(NaN, Infinity, -Infinity)),
      { name: "i", dtype: "I64", shape: [2], bytes: new Uint8Array(big.buffer) },
      { name: "j", dtype: "I32", shape: [2], bytes: new Uint8Array(integers.buffer) },
    ]);
    const read = async (tensor: number) =>
      (await engine().values({ checkpoint, tensor, row: 0, rows: 1, column: 0, columns: 9 }, quiet())).values;
    assert.deepEqual(await read(0), [["NaN", "Infinity", "-Infinity"]]);
    assert.deepEqual(await read(1), [["9007199254740993", "-1"]]);
    assert.deepEqual(await read(2), [[16_777_217, -1]]);
  });

  it("shows values and codes of blocks from any column on", async () => {
    const checkpoint = await blockCheckpoint();
    for (const [tensor, [dtype, , bytes, size]] of blockTypes.entries()) {
      const all = new Float32Array(rows * columns);
      findDecoder(dtype)!.decode(blockBytes(dtype, bytes, size), all);
      const page = await engine().values({ checkpoint, tensor, row: 1, rows: 3, column: 37, columns: 300 }, quiet());
      page.values.forEach((line, i) =>
        assert.deepEqual(line, Array.from(all.slice((1 + i) * columns + 37, (1 + i) * columns + 337)), dtype),
      );
      assert.deepEqual(
        page.codes!.map((line) => line.length),
        [300, 300, 300],
      );
      const block = await engine().block({ checkpoint, tensor, row: 2, column: 300 }, quiet());
      const first = Math.floor(300 / size) * size;
      assert.deepEqual([block!.dtype, block!.row, block!.column], [dtype, 2, first]);
      assert.equal(block!.offset, checkpoint.tensors[tensor]!.offset + ((2 * columns + first) / size) * bytes);
      assert.deepEqual(block!.values, Array.from(all.slice(2 * columns + first, 2 * columns + first + size)));
      // The page ends in column 337.
      const both = Math.min(first + size, 337) - 300;
      const codes = block!.subBlocks.flatMap((part) => part.codes).slice(300 - first);
      assert.deepEqual(codes.slice(0, both), page.codes![1]!.slice(263, 263 + both), dtype);
    }
  });

  it("shows values and codes of a packed layer from any place on", async () => {
    const words = randomWords(12 * 32, 1);
    const weights = writeSafetensors([
      { name: "l.qweight", dtype: "I32", shape: [12, 32], bytes: bytesOfWords(words) },
      { name: "l.qzeros", dtype: "I32", shape: [3, 4], bytes: bytesOfWords(randomWords(12, 2)) },
      { name: "l.scales", dtype: "F16", shape: [3, 32], bytes: randomHalves(96, 3) },
    ]);
    const quantization = { quant_method: "gptq", bits: 4, group_size: 32, desc_act: false, sym: false };
    const config = JSON.stringify({ model_type: "llama", quantization_config: quantization });
    const checkpoint = await openFiles({ "model.safetensors": weights, "config.json": config }, "model.safetensors");
    const page = await engine().values({ checkpoint, tensor: 0, row: 5, rows: 99, column: 30, columns: 40 }, quiet());
    assert.deepEqual([page.values.length, page.codes!.length], [27, 27]);
    for (let row = 5; row < 32; row++) {
      const codes = Array.from({ length: 40 }, (_, i) => (words[((30 + i) >> 3) * 32 + row]! >>> (4 * ((30 + i) & 7))) & 15);
      assert.deepEqual(page.codes![row - 5], codes);
    }
    const block = await engine().block({ checkpoint, tensor: 0, row: 7, column: 40 }, quiet());
    assert.deepEqual(page.values[2]!.slice(2, 34), block!.values);
    const outside = await engine().values({ checkpoint, tensor: 0, row: 99, rows: 2, column: 99, columns: 2 }, quiet());
    assert.deepEqual(outside.values, []);
  });

  it("refuses pages that are too large, and blocks where there are none", async () => {
    const checkpoint = await checkpointOf([f32("x", [300, 300], sample("normal", 90_000))]);
    await assert.rejects(engine().values({ checkpoint, tensor: 0, row: 0, rows: 300, column: 0, columns: 300 }, quiet()), {
      code: "page-too-large",
    });
    assert.equal(await engine().block({ checkpoint, tensor: 0, row: 0, column: 0 }, quiet()), null);
    await assert.rejects(engine().block({ checkpoint, tensor: 0, row: 300, column: 0 }, quiet()), { code: "bad-position" });
  });
});

describe("the heat map", () => {
  const engine = engineOf();

  it("has the largest magnitude of each cell, with its sign", async () => {
    const [height, width] = [9, 13];
    const values = withSpecials(sample("heavy tails", 100 * 77, 2), 0.05).map((x) => (Math.abs(x) > 1e30 ? NaN : x));
    const checkpoint = await checkpointOf([f32("x", [100, 77], values)]);
    const map = await engine().heatmap({ checkpoint, tensor: 0, width, height }, quiet());
    const cells = new Array<number | null>(width * height).fill(null);
    values.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      const cell = Math.floor((Math.floor(i / 77) * height) / 100) * width + Math.floor(((i % 77) * width) / 77);
      if (cells[cell] === null || Math.abs(value) > Math.abs(cells[cell]!)) cells[cell] = value;
    });
    assert.deepEqual(map.cells, cells);
    assert.deepEqual([map.rows, map.columns, map.width, map.height, map.share], [100, 77, width, height, undefined]);
    const sizes = values.filter(Number.isFinite).map(Math.abs).sort();
    const limit = sizes[Math.ceil(0.999 * sizes.length) - 1]!;
    assert.ok(Math.abs(map.limit - limit) <= 2 ** -8 * limit);
  });

  it("has no more cells than the tensor has values, and none where nothing is finite", async () => {
    const checkpoint = await checkpointOf([
      f32("x", [2, 3], Float32Array.of(1, 2, 3, 4, 5, NaN)),
      f32("empty", [0, 3], new Float32Array(0)),
    ]);
    const map = await engine().heatmap({ checkpoint, tensor: 0, width: 100, height: 100 }, quiet());
    assert.deepEqual(map.cells, [1, 2, 3, 4, 5, null]);
    assert.deepEqual((await engine().heatmap({ checkpoint, tensor: 1, width: 2, height: 2 }, quiet())).limit, 0);
  });

  it("joins what several tasks saw", async () => {
    const values = sample("small normal", 3 * 1_000_003, 3);
    values[2_999_999] = 9;
    const checkpoint = await checkpointOf([f32("x", [1_000_003, 3], values)]);
    const map = await engine().heatmap({ checkpoint, tensor: 0, width: 3, height: 500 }, quiet());
    const cell = Math.floor((Math.floor(2_999_999 / 3) * 500) / 1_000_003) * 3 + (2_999_999 % 3);
    assert.equal(map.cells[cell], 9);
    assert.equal(map.cells.filter((value) => value === null).length, 0);
  });
});

describe("a .npy file", () => {
  const at = temporaryFolder();

  it("has the header NumPy writes", () => {
    const text = (shape: number[]) => Buffer.from(npyHeader(shape)).toString("latin1");
    for (const shape of [[], [3], [2, 3], Array.from({ length: 30 }, () => 1)]) assert.equal(npyHeader(shape).length % 64, 0);
    assert.equal(text([2, 3]), `\x93NUMPY\x01\x00\x76\x00${"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117)}\n`);
    assert.match(text([3]), /'shape': \(3,\), }/);
    assert.match(text([]), /'shape': \(\), }/);
  });

  it("holds the whole decoded tensor", async () => {
    const checkpoint = await blockCheckpoint();
    const all = new Float32Array(rows * columns);
    findDecoder("Q4_K")!.decode(blockBytes("Q4_K", 144, 256), all);
    const written = await writeNpy(checkpoint, 2, at("x.npy"), quiet());
    const content = readFileSync(at("x.npy"));
    assert.deepEqual(written, { name: "Q4_K", shape: [rows, columns], out: at("x.npy"), bytes: content.length });
    assert.deepEqual(content.subarray(128), Buffer.from(all.buffer));
  });

  it("is not there when the writing was cancelled", async () => {
    const checkpoint = await checkpointOf([f32("x", [3000, 1000], sample("normal", 3_000_000))]);
    const controller = new AbortController();
    const context = { signal: controller.signal, progress: () => controller.abort() };
    await assert.rejects(writeNpy(checkpoint, 0, at("cancelled.npy"), context), CancelledError);
    assert.throws(() => readFileSync(at("cancelled.npy")), { code: "ENOENT" });
  });
});
