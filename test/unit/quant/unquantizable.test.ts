import assert from "node:assert/strict";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import { checkScales, findUnquantizable } from "../../../src/core/quant/unquantizable";
import { sample } from "../../support/distributions";

function check(type: string, source: Float32Array) {
  const scheme = findScheme(type);
  assert.ok(isByteScheme(scheme));
  const bytes = new Uint8Array(scheme.bytes([source.length]));
  scheme.quantizeRows(source, source.length, bytes);
  return checkScales(type, bytes, source);
}

const fine = { infinite: { count: 0, first: -1 }, coarse: { count: 0, first: -1 } };

describe("values that cannot be quantized", () => {
  it("finds the first NaN or infinity, wherever it stands", () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      for (const at of [0, 511, 512, 1299]) {
        const values = sample("huge", 1300);
        values[at] = bad;
        values[1299] = NaN;
        assert.equal(findUnquantizable(values), at);
      }
    }
  });

  it("takes every finite number, zeros, subnormals and the largest included", () => {
    assert.equal(findUnquantizable(Float32Array.of(0, -0, 1e-45, 3.4028234663852886e38, -3.4028234663852886e38)), -1);
    assert.equal(findUnquantizable(new Float32Array(0)), -1);
  });
});

describe("scales of blocks just quantized", () => {
  const types = [
    "Q8_0",
    "Q4_0",
    "Q4_1",
    "Q5_0",
    "Q5_1",
    "Q2_K",
    "Q3_K",
    "Q4_K",
    "Q5_K",
    "Q6_K",
    "IQ4_NL",
    "IQ4_XS",
    "TQ1_0",
    "TQ2_0",
    "Q1_0",
  ];

  it("are fine for ordinary weights, zeros among them", () => {
    for (const type of types) {
      assert.deepEqual(check(type, sample("small normal", 1024)), fine, type);
      assert.deepEqual(check(type, new Float32Array(512)), fine, type);
    }
  });

  it("are infinite where values are beyond F16", () => {
    for (const type of types) {
      const source = sample("small normal", 1024);
      source[700] = -1e9;
      const { infinite, coarse } = check(type, source)!;
      const scheme = findScheme(type);
      assert.deepEqual([infinite, coarse.count], [{ count: 1, first: Math.floor(700 / scheme.blockSize) }, 0], type);
    }
  });

  it("are coarse where values are too small for F16", () => {
    for (const type of types) {
      const source = sample("small normal", 1024);
      for (let i = 512; i < 1024; i++) source[i] = source[i]! * 1e-5;
      const { infinite, coarse } = check(type, source)!;
      const { blockSize } = findScheme(type);
      assert.deepEqual([infinite.count, coarse], [0, { count: 512 / blockSize, first: 512 / blockSize }], type);
    }
  });

  it("need nothing where a min stands for all values", () => {
    assert.deepEqual(check("Q4_1", new Float32Array(32).fill(-2)), fine);
    assert.deepEqual(check("Q4_0", new Float32Array(32).fill(1e-9)), { ...fine, coarse: { count: 1, first: 0 } });
  });

  it("are not judged in types that have no F16 scale", () => {
    for (const type of ["MXFP4", "NVFP4", "f16"]) assert.equal(check(type, sample("normal", 256)), undefined, type);
  });
});
