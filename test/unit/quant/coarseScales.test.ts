import assert from "node:assert/strict";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import { type BlockCount, countCoarseScales } from "../../../src/core/quant/ggml/coarseScales";
import { sample } from "../../support/distributions";

function count(type: string, source: Float32Array): BlockCount | undefined {
  const scheme = findScheme(type);
  assert.ok(isByteScheme(scheme));
  const bytes = new Uint8Array(scheme.bytes([source.length]));
  scheme.quantizeRows(source, source.length, bytes);
  return countCoarseScales(type, bytes, source);
}

const none = { count: 0, first: -1 };

describe("scales that F16 holds only coarsely", () => {
  const types = [
    ...["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"],
    ...["IQ4_NL", "IQ4_XS", "TQ1_0", "TQ2_0", "Q1_0", "Q2_0"],
  ];

  it("do not occur in ordinary weights, nor where all are zero", () => {
    for (const type of types) {
      assert.deepEqual(count(type, sample("small normal", 1024)), none, type);
      assert.deepEqual(count(type, new Float32Array(512)), none, type);
    }
  });

  it("are counted where values are too small", () => {
    for (const type of types) {
      const source = sample("small normal", 1024).map((value, i) => (i < 512 ? value : value * 1e-5));
      const { blockSize } = findScheme(type);
      assert.deepEqual(count(type, source), { count: 512 / blockSize, first: 512 / blockSize }, type);
    }
  });

  it("cost nothing where a min stands for all values", () => {
    assert.deepEqual(count("Q4_1", new Float32Array(32).fill(-2)), none);
    assert.deepEqual(count("Q4_0", new Float32Array(32).fill(1e-9)), { count: 1, first: 0 });
  });

  it("are not judged in types that have no F16 scale", () => {
    for (const type of ["MXFP4", "NVFP4", "f16"]) assert.equal(count(type, sample("normal", 256)), undefined, type);
  });
});
