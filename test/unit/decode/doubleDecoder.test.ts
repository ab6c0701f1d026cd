import assert from "node:assert/strict";
import fc from "fast-check";
import { findDecoder } from "../../../src/core/decode/decoder";
import { findDoubleDecoder } from "../../../src/core/decode/doubleDecoder";

function decode(dtype: string, bytes: Uint8Array, count: number): number[] {
  const values = new Float64Array(count);
  findDoubleDecoder(dtype)!(bytes, values);
  return [...values];
}

describe("decoding to float64", () => {
  it("rounds 64-bit integers once, to the nearest float64", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        assert.deepEqual(decode("I64", new Uint8Array(BigInt64Array.of(value).buffer), 1), [Number(value)]);
        const unsigned = BigInt.asUintN(64, value);
        assert.deepEqual(decode("U64", new Uint8Array(BigUint64Array.of(unsigned).buffer), 1), [Number(unsigned)]);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it("keeps what float32 would round", () => {
    assert.deepEqual(decode("F64", new Uint8Array(Float64Array.of(1e300, 1 + 1e-12).buffer), 2), [1e300, 1 + 1e-12]);
    assert.deepEqual(decode("I32", new Uint8Array(Int32Array.of(-16_777_217).buffer), 1), [-16_777_217]);
    assert.deepEqual(decode("U32", new Uint8Array(Uint32Array.of(4_294_967_295).buffer), 1), [4_294_967_295]);
  });

  it("reads at any offset", () => {
    const shifted = new Uint8Array(17);
    shifted.set(new Uint8Array(Float64Array.of(1.5, -2.25).buffer), 1);
    assert.deepEqual(decode("F64", shifted.subarray(1), 2), [1.5, -2.25]);
  });

  it("is there for the types that need it, and no others", () => {
    for (const dtype of ["F64", "I32", "U32", "I64", "U64"]) assert.ok(findDecoder(dtype) && findDoubleDecoder(dtype), dtype);
    for (const dtype of ["F32", "BF16", "I16", "Q4_0", "C64", "no"]) assert.equal(findDoubleDecoder(dtype), undefined, dtype);
  });
});
