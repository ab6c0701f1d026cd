import assert from "node:assert/strict";
import path from "node:path";
import { GGMLQuantizationType } from "@huggingface/gguf";
import type { EstimateReport, EstimateRow } from "../../src/core/estimate/estimateSize";
import { cliJson, runCli } from "../support/cli";
import { ggmlOrSkip } from "../support/ggml";
import { assertClose } from "../support/kernelMemory";
import { readGgufHeader } from "../support/references";
import { sharedOrSkip } from "../support/shared";

const sample = path.join(__dirname, "..", "..", "media", "sample");

function rowOf({ rows }: EstimateReport, type: string): EstimateRow {
  const found = rows.filter((row) => row.type === type);
  assert.equal(found.length, 1, `${type} among ${rows.map((row) => row.type).join(", ")}`);
  return found[0]!;
}

/** Bits a weight, overhead of the blocks included, by each format's own layout. */
const otherFormats: Readonly<Record<string, number>> = {
  "fp8-e4m3": 8,
  // Codes, and for every group a float16 scale and a zero-point as wide as a code.
  "int4-g128": 4 + (16 + 4) / 128,
  "int4-g32": 4 + (16 + 4) / 32,
  // Codes and a float32 per 64; double quantization: a byte per 64 and a float32 per 256 of those.
  nf4: 4 + 32 / 64,
  "nf4-dq": 4 + 8 / 64 + 32 / (64 * 256),
};

describe("`estimate` against the formats' own sizes", function () {
  this.timeout(120_000);
  it("gives the nominal gigabytes of a 7B model", async () => {
    const report = await cliJson<EstimateReport>("estimate", "7B");
    assert.equal(report.parameters, 7e9);
    for (const [type, bytes] of Object.entries({ FP32: 28.0e9, FP16: 14.0e9, INT8: 7.0e9, INT4: 3.5e9 })) {
      assert.equal(rowOf(report, type).bytes, bytes, type);
    }
    for (const row of report.rows) assertClose(row.bitsPerWeight, (8 * row.bytes) / 7e9, 1e-12, row.type);
  });

  it("gives the true bytes of the ggml types as the library's row sizes have them, and of the other formats", async function () {
    const ggml = ggmlOrSkip(this);
    const report = await cliJson<EstimateReport>("estimate", "7B");
    const ids = new Map(
      Object.entries(GGMLQuantizationType).filter((entry): entry is [string, GGMLQuantizationType] => typeof entry[1] === "number"),
    );
    let compared = 0;
    for (const row of report.rows) {
      const id = ids.get(row.type);
      const bits = id === undefined ? otherFormats[row.type] : ggml.rowSize(id, 1024) / 128;
      if (bits === undefined) continue;
      assert.equal(row.bytes, Math.ceil((7e9 * bits) / 8), row.type);
      compared++;
    }
    assert.ok(compared >= 20, `only ${compared} formats were compared`);
  });

  it("gives exactly the bytes of files that llama.cpp made of the sample", async function () {
    const folder = sharedOrSkip(this, "sample/gguf");
    const ggml = ggmlOrSkip(this);
    for (const [type, name] of [
      ["Q4_K_M", "model-Q4_K_M.gguf"],
      ["F16", "model-f16.gguf"],
    ] as const) {
      const { tensors } = await readGgufHeader(path.join(folder, name), (typeId, columns) => ggml.rowSize(typeId, columns));
      const report = await cliJson<EstimateReport>("estimate", sample, "--types", type);
      assert.equal(report.parameters, 4196608);
      const expected = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
      assert.equal(rowOf(report, type).bytes, expected, type);
    }
  });

  it("gives the same of a config.json as of the checkpoint beside it", async () => {
    const types = ["--types", "FP16,Q4_K_M,int4-g128", "--context", "256"];
    const ofConfig = await cliJson<EstimateReport>("estimate", path.join(sample, "config.json"), ...types);
    assert.deepEqual(ofConfig, await cliJson<EstimateReport>("estimate", sample, ...types));
    assert.equal(ofConfig.parameters, 4196608);
  });

  it("adds the cache of keys and values, and says what fits", async () => {
    const report = await cliJson<EstimateReport & { rows: { fits?: boolean }[] }>("estimate", "7B", "--context", "4096", "--memory", "10");
    // Llama 2 7B: 32 layers of 4,096 keys and as many values for each token, two bytes each.
    const cache = 2 * 32 * 4096 * 4096 * 2;
    for (const row of report.rows) {
      assert.equal(row.kvCacheBytes, cache, row.type);
      assert.equal(row.totalBytes, row.bytes + cache, row.type);
      assert.equal(row.fits, row.totalBytes <= 10e9, row.type);
    }
  });

  it("takes a whole line, with types and context", async () => {
    const report = await cliJson<EstimateReport>("estimate", "70b q4_k_m 8k");
    assert.deepEqual(
      report.rows.map(({ type }) => type),
      ["Q4_K_M"],
    );
    // Grouped attention of the 70B models: 80 layers, 8 heads of 128.
    assert.equal(report.rows[0]!.kvCacheBytes, 2 * 80 * 8 * 128 * 8192 * 2);
  });

  it("knows a published model by the name of its repository, and a file that is not there for one", async () => {
    const report = await cliJson<EstimateReport>("estimate", "Qwen/Qwen3-8B", "--types", "FP16");
    assert.equal(report.parameters, 8_190_735_360);
    const { stdout, code } = await runCli(["estimate", "Qwen3-8B.gguf", "--json"]);
    assert.equal(code, 2);
    assert.match(stdout, /There is no file or folder/);
  });
});
