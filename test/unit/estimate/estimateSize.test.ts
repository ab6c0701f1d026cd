import assert from "node:assert/strict";
import { UsageError } from "../../../src/core/errors";
import { type EstimateInput, type EstimateRow, estimateSize } from "../../../src/core/estimate/estimateSize";
import { noteText } from "../../../src/core/estimate/notes";
import { nearestReference } from "../../../src/core/estimate/referenceModels";
import { listedStorageTypes } from "../../../src/core/estimate/storageTypes";
import { findDType } from "../../../src/core/tensor/dtype";

function row(input: EstimateInput, type: string): EstimateRow {
  const found = estimateSize(input).rows.find((candidate) => candidate.type === type);
  assert.ok(found, type);
  return found;
}

const seven = { parameters: 7e9 };

describe("estimate of a number of weights", () => {
  it("7B: the nominal sizes everyone quotes", () => {
    const nominal = estimateSize(seven).rows.filter(({ kind }) => kind === "nominal");
    assert.deepEqual(
      nominal.map(({ type, bytes, bitsPerWeight }) => [type, bytes, bitsPerWeight]),
      [
        ["FP32", 28e9, 32],
        ["FP16", 14e9, 16],
        ["INT8", 7e9, 8],
        ["INT4", 3.5e9, 4],
      ],
    );
  });

  it("7B: what the formats really take, scales included", () => {
    const bits = (type: string): number => row(seven, type).bitsPerWeight;
    assert.equal(bits("int4-g128"), 4 + 16 / 128 + 4 / 128);
    assert.equal(bits("int4-g32"), 4.625);
    assert.equal(bits("nf4"), 4.5);
    assert.ok(Math.abs(bits("nf4-dq") - 4.127) < 1e-3);
    assert.equal(bits("fp8-e4m3"), 8);
    assert.equal(row(seven, "Q8_0").bytes, 7e9 * (34 / 32));
    assert.equal(row(seven, "Q4_0").bytes, 3_937_500_000);
  });

  it("lists every ggml weight type at its own rate", () => {
    const { rows } = estimateSize(seven);
    for (const { type, bitsPerWeight } of rows) {
      const dtype = findDType(type);
      if (dtype) assert.ok(Math.abs(bitsPerWeight - (8 * dtype.blockBytes) / dtype.blockSize) < 1e-8, type);
    }
    for (const id of ["IQ1_S", "Q2_K", "Q6_K", "MXFP4", "TQ2_0"]) assert.ok(rows.some(({ type }) => type === id));
    assert.ok(!rows.some(({ type }) => type === "Q8_K"));
  });

  it("sizes mixtures in the proportions of a model of that size, and says so", () => {
    const mixture = row({ parameters: 6_738_415_616 }, "Q4_K_M");
    assert.equal(mixture.kind, "approximate");
    assert.equal(noteText(mixture.note!), "in the proportions of Llama-2-7B");
    // The published Llama-2-7B file has 4,081,004,224 bytes, 0.7 MB of them vocabulary.
    assert.ok(Math.abs(mixture.bytes - 4_080_300_000) < 300_000, String(mixture.bytes));
    // llama-quantize's help: Llama-3-8B is 4.58 GiB in Q4_K_M, 3.74 GiB in Q3_K_M, 5.33 GiB in Q5_K_M.
    for (const [type, gib] of [
      ["Q4_K_M", 4.58],
      ["Q3_K_M", 3.74],
      ["Q5_K_M", 5.33],
      ["Q4_K_S", 4.37],
    ] as const) {
      assert.ok(Math.abs(row({ parameters: 8_030_261_248 }, type).bytes / 2 ** 30 - gib) < 0.01, type);
    }
  });

  it("tells when a file of a type's name is larger than the type", () => {
    assert.match(noteText(row(seven, "Q2_K").note!), /llama-quantize file .* about 2\.63 GB/);
    assert.equal(row(seven, "Q8_0").note, undefined);
  });

  it("adds the KV cache of the context", () => {
    const { bytes, kvCacheBytes, totalBytes } = row({ parameters: 70e9, context: 8192 }, "Q4_K_M");
    assert.equal(kvCacheBytes, 2 * 80 * 8 * 128 * 2 * 8192);
    assert.equal(totalBytes, bytes + kvCacheBytes);
    assert.equal(row({ parameters: 70e9, context: 8192, kvType: "q8_0" }, "INT4").kvCacheBytes, (2 * 80 * 8 * 128 * 8192 * 34) / 32);
    assert.equal(row({ parameters: 70e9 }, "INT4").kvCacheBytes, undefined);
  });

  it("takes the reference shape asked for", () => {
    const asked = row({ parameters: 7e9, architecture: "llama-3-8b", context: 1000 }, "FP16");
    assert.equal(asked.kvCacheBytes, 2 * 32 * 8 * 128 * 2 * 1000);
    assert.throws(() => estimateSize({ parameters: 7e9, architecture: "llama-9" }), { code: "estimate.unknown-architecture" });
  });

  it("filters by type name, in order and without repeats", () => {
    assert.deepEqual(
      estimateSize({ ...seven, types: ["q4_k_m", "FP16", "Q4_K_M", "int8"] }).rows.map(({ type }) => type),
      ["Q4_K_M", "FP16", "INT8", "int8-channel"],
    );
  });

  it("grows with the number of weights", () => {
    const smaller = estimateSize(seven).rows;
    const larger = estimateSize({ parameters: 7.1e9 }).rows;
    assert.equal(smaller.length, listedStorageTypes.length);
    smaller.forEach(({ type, bytes }, i) => assert.ok(larger[i]!.bytes > bytes, type));
  });

  it("refuses what makes no sense", () => {
    const refused: [EstimateInput, string][] = [
      [{}, "estimate.no-size"],
      [{ parameters: 0 }, "estimate.no-size"],
      [{ parameters: NaN }, "estimate.no-size"],
      [{ ...seven, types: ["q9"] }, "unknown-type"],
      [{ ...seven, context: 0 }, "estimate.out-of-range"],
      [{ ...seven, context: 10, kvType: "I32" }, "unknown-type"],
    ];
    for (const [input, code] of refused) {
      assert.throws(
        () => estimateSize(input),
        (error) => error instanceof UsageError && error.code === code,
        code,
      );
    }
  });
});

describe("reference models", () => {
  it("are chosen by ratio of sizes", () => {
    assert.deepEqual(
      [1e8, 7e9, 7.5e9, 70e9, 1e13].map((parameters) => nearestReference(parameters).name),
      ["TinyLlama-1.1B", "Llama-2-7B", "Llama-3-8B", "Llama-3-70B", "Llama-3.1-405B"],
    );
  });
});
