import assert from "node:assert/strict";
import { findScheme, isValueScheme } from "../../../src/core/quant/registry";

function fakeQuantize(id: string, x: readonly number[], columns = x.length): number[] {
  const scheme = findScheme(id);
  assert.ok(isValueScheme(scheme));
  const source = Float32Array.from(x);
  const y = new Float32Array(x.length);
  scheme.fakeQuantize(source, columns, y, scheme.tensorSums?.(source, { low: 0, high: 0 }) ?? []);
  return [...y];
}

describe("binary and ternary schemes", () => {
  it("binary: the mean magnitude of each row, or run of a row, with the sign of each value", () => {
    assert.deepEqual(fakeQuantize("binary", [1, -3, 0, 0, 8, 8, 8, -8], 4), [1, -1, 1, 1, 8, 8, 8, -8]);
    assert.deepEqual(fakeQuantize("binary-g2", [1, -3, 5, 6, -7, 9], 3), [2, -2, 5, 6.5, -6.5, 9]);
    assert.equal(findScheme("binary-g2").bytes([2, 3]), 1 + 2 * 4);
  });

  it("ternary: the mean magnitude of the tensor, half of it rounding to even", () => {
    assert.deepEqual(fakeQuantize("ternary", [2, -4, 1, 1]), [2, -2, 0, 0]);
  });
});

describe("microscaling schemes", () => {
  it("scale by the power of two below the largest magnitude, and saturate", () => {
    const x = [...Array<number>(30).fill(0), 7.9, 1.0625];
    assert.deepEqual(fakeQuantize("mxfp6-e2m3", x).slice(30), [7.5, 1]);
    assert.deepEqual(fakeQuantize("mxfp6-e3m2", x).slice(30), [7, 1]);
    assert.equal(findScheme("mxfp8-e4m3").bytes([2, 64]), 4 * 33);
  });
});
