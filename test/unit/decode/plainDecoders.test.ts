import assert from "node:assert/strict";
import fc from "fast-check";
import { findDecoder } from "../../../src/core/decode/decoder";
import { exactIntegers, needsExactIntegers } from "../../../src/core/decode/exactIntegers";
import { findDType } from "../../../src/core/tensor/dtype";

function decode(dtype: string, bytes: Uint8Array, count: number): number[] {
  const decoder = findDecoder(dtype);
  assert.ok(decoder, dtype);
  const target = new Float32Array(count);
  decoder.decode(bytes, target);
  return Array.from(target);
}

const all256 = Uint8Array.from({ length: 256 }, (_, i) => i);

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

describe("plain decoders", () => {
  it("F8_E4M3 has no infinity, two NaN and reaches 448", () => {
    const values = decode("F8_E4M3", all256, 256);
    assert.deepEqual(
      values.flatMap((value, code) => (Number.isNaN(value) ? [code] : [])),
      [0x7f, 0xff],
    );
    assert.deepEqual(
      [0x00, 0x01, 0x08, 0x38, 0x7e, 0xfe].map((code) => values[code]),
      [0, 2 ** -9, 2 ** -6, 1, 448, -448],
    );
  });

  it("F8_E5M2 follows IEEE", () => {
    const values = decode("F8_E5M2", all256, 256);
    assert.deepEqual(
      [0x01, 0x04, 0x3c, 0x7b, 0x7c, 0xfc].map((code) => values[code]),
      [2 ** -16, 2 ** -14, 1, 57_344, Infinity, -Infinity],
    );
    assert.equal(values.filter(Number.isNaN).length, 6);
  });

  it("the FNUZ types have one NaN, where negative zero would be", () => {
    for (const [dtype, one, largest] of [
      ["F8_E4M3FNUZ", 0x40, 240],
      ["F8_E5M2FNUZ", 0x40, 57_344],
    ] as const) {
      const values = decode(dtype, all256, 256);
      assert.deepEqual(
        values.flatMap((value, code) => (Number.isNaN(value) ? [code] : [])),
        [0x80],
      );
      assert.equal(values[one], 1);
      assert.equal(values[0x7f], largest);
      assert.equal(values[0xff], -largest);
    }
  });

  it("F8_E8M0 holds powers of two and one NaN", () => {
    const values = decode("F8_E8M0", all256, 256);
    assert.deepEqual(
      [0, 126, 127, 128, 254].map((code) => values[code]),
      [2 ** -127, 0.5, 1, 2, 2 ** 127],
    );
    assert.ok(Number.isNaN(values[255]!));
  });

  it("F4 reads the low nibble first", () => {
    const bytes = Uint8Array.of(0x10, 0x32, 0x54, 0x76, 0xf8);
    assert.deepEqual(decode("F4", bytes, 10), [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -6]);
  });

  it("F6 reads four values from three bytes, lowest bits first", () => {
    const codes = [0x00, 0x01, 0x1f, 0x3f];
    const stream = codes.reduce((sum, code, i) => sum + code * 64 ** i, 0);
    const bytes = Uint8Array.of(stream & 255, (stream >> 8) & 255, (stream >> 16) & 255);
    assert.deepEqual(decode("F6_E2M3", bytes, 4), [0, 0.125, 7.5, -7.5]);
    assert.deepEqual(decode("F6_E3M2", bytes, 4), [0, 0.0625, 28, -28]);
  });

  it("BOOL: any nonzero byte is true", () => {
    assert.deepEqual(decode("BOOL", Uint8Array.of(0, 1, 2, 255), 4), [0, 1, 1, 1]);
  });

  it("integers, whatever the alignment of their bytes", () => {
    const cases: [string, ArrayBufferView, number[]][] = [
      ["I8", Int8Array.of(-128, 127), [-128, 127]],
      ["U8", Uint8Array.of(0, 255), [0, 255]],
      ["I16", Int16Array.of(-32_768, 32_767), [-32_768, 32_767]],
      ["U16", Uint16Array.of(1, 65_535), [1, 65_535]],
      ["I32", Int32Array.of(-(2 ** 31), 16_777_217), [-(2 ** 31), 16_777_216]],
      ["U32", Uint32Array.of(1, 2 ** 32 - 1), [1, 2 ** 32]],
      ["F32", Float32Array.of(1.5, -2), [1.5, -2]],
      ["F64", Float64Array.of(0.1, 1e300), [Math.fround(0.1), Infinity]],
      ["F16", Uint16Array.of(0x3c00, 0x8001), [1, -(2 ** -24)]],
      ["BF16", Uint16Array.of(0x3f80, 0xc000), [1, -2]],
    ];
    for (const [dtype, view, expected] of cases) {
      for (const shift of [0, 1]) {
        const moved = new Uint8Array(view.byteLength + 8);
        moved.set(bytesOf(view), shift);
        assert.deepEqual(decode(dtype, moved.subarray(shift, shift + view.byteLength), 2), expected, dtype);
        const buffer = Buffer.from(moved.buffer, shift, view.byteLength);
        assert.deepEqual(decode(dtype, buffer, 2), expected, `${dtype} from a Buffer`);
      }
    }
  });

  it("64-bit integers are rounded once, to the nearest float32", () => {
    // Just above the midpoint of two float32 numbers, by less than float64 can tell: rounding twice would go down.
    const tricky = (1n << 62n) + (1n << 38n) + 1n;
    assert.equal(decode("I64", bytesOf(BigInt64Array.of(tricky)), 1)[0], 2 ** 62 + 2 ** 39);
    assert.equal(decode("I64", bytesOf(BigInt64Array.of(-tricky)), 1)[0], -(2 ** 62) - 2 ** 39);
    assert.equal(decode("U64", bytesOf(BigUint64Array.of(2n ** 64n - 1n)), 1)[0], 2 ** 64);
  });

  it("64-bit integers: no float32 lies nearer", () => {
    const nearest = (exact: bigint, value: number): boolean => {
      const bits = new Uint32Array(Float32Array.of(Math.abs(value)).buffer);
      const distance = (float: number): bigint => {
        const d = exact - BigInt(value < 0 ? -float : float);
        return d < 0n ? -d : d;
      };
      const at = (pattern: number): number => new Float32Array(Uint32Array.of(pattern).buffer)[0]!;
      const own = distance(Math.abs(value));
      return own <= distance(at(bits[0]! + 1)) && (bits[0] === 0 || own <= distance(at(bits[0]! - 1)));
    };
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 40n, max: 2n ** 63n - 1n }), fc.boolean(), (magnitude, negative) => {
        const exact = negative ? -magnitude : magnitude;
        const [value] = decode("I64", bytesOf(BigInt64Array.of(exact)), 1) as [number];
        assert.ok(nearest(exact, value), `${exact} → ${value}`);
      }),
      { seed: 64, numRuns: 500 },
    );
  });

  it("64-bit integers as text are exact", () => {
    assert.deepEqual(exactIntegers("I64", bytesOf(BigInt64Array.of(-(2n ** 63n), 9_007_199_254_740_993n))), [
      "-9223372036854775808",
      "9007199254740993",
    ]);
    assert.deepEqual(exactIntegers("U64", bytesOf(BigUint64Array.of(2n ** 64n - 1n))), ["18446744073709551615"]);
    assert.deepEqual(["I64", "U64", "I32", "F64"].map(needsExactIntegers), [true, true, false, false]);
  });

  it("has no decoder for types it cannot read, known or not", () => {
    for (const dtype of ["C64", "Q4_2", "Q4_0_4_4", "NOT_A_TYPE", "toString"]) {
      assert.equal(findDecoder(dtype), undefined, dtype);
    }
    assert.ok(findDType("C64"));
  });

  it("refuses a source that is too short instead of inventing values", () => {
    assert.throws(() => findDecoder("F32")!.decode(new Uint8Array(7), new Float32Array(2)), /F32: 2 values need 8 bytes, got 7/);
    assert.throws(() => findDecoder("Q4_0")!.decode(new Uint8Array(35), new Float32Array(64)), RangeError);
  });
});
