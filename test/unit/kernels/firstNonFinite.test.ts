import assert from "node:assert/strict";
import { firstNonFinite } from "../../../src/core/measure/nonFinite";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

describe("kernel firstNonFinite", () => {
  const memory = new KernelMemory();

  function found(values: Float32Array): number {
    memory.reset();
    const place = memory.kernels.firstNonFinite(memory.place(values), values.length);
    assert.equal(place, firstNonFinite("F32", new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
    return place;
  }

  it("finds none among finite values of any size, and none after the end", () => {
    for (const count of [0, 1, 7, 2048, 5000]) assert.equal(found(sample("huge", count)), -1);
    assert.equal(found(Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0)), -1);
    memory.reset();
    assert.equal(memory.kernels.firstNonFinite(memory.place(Float32Array.of(1, 2, NaN)), 2), -1);
  });

  it("finds the first, wherever it is", () => {
    for (const special of [NaN, Infinity, -Infinity]) {
      for (const at of [0, 3, 2047, 2048, 4095, 4999]) {
        const values = sample("normal", 5000);
        values[at] = special;
        values[4999] = NaN;
        assert.equal(found(values), at);
      }
    }
  });
});
