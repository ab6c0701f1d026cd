import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import type { ByteScheme } from "../../../src/core/quant/scheme";
import { bitsOf, goldenInput, goldenSets, vectorBytes, vectorColumns, vectorInput, vectorTypes, vectorValues } from "./ggmlFixtures";

function byteScheme(name: string): ByteScheme {
  const scheme = findScheme(name);
  assert.ok(isByteScheme(scheme), `${name} has bytes`);
  return scheme;
}

function quantize(scheme: ByteScheme, source: Float32Array, columns: number): Uint8Array {
  const bytes = new Uint8Array(scheme.bytes([source.length / columns, columns]));
  bytes.fill(0xaa); // Whatever was in the target before must not show.
  scheme.quantizeRows(source, columns, bytes);
  return bytes;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * 64 × 256 finite float32 patterns from xorshift32: half of every row of any magnitude, half within a factor of 2⁴ of one
 * that grows with the row.
 */
function finitePatterns(): Float32Array {
  let state = 99;
  const patterns = Uint32Array.from({ length: 64 * 256 }, (_, i) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    const pattern = i % 256 < 128 ? state : ((state & 0x87ffffff) | ((i >> 8) << 27)) >>> 0;
    return (pattern & 0x7f800000) === 0x7f800000 ? pattern & ~0x00800000 : pattern;
  });
  return new Float32Array(patterns.buffer);
}

describe("ggml schemes", () => {
  for (const type of vectorTypes) {
    it(`${type}: bytes and dequantized values equal the library's on four kinds of rows`, () => {
      const scheme = byteScheme(type);
      const bytes = quantize(scheme, vectorInput(), vectorColumns);
      assert.deepEqual(bytes, vectorBytes(type));
      const values = new Float32Array(4 * vectorColumns);
      scheme.dequantizeRows(bytes, vectorColumns, values);
      assert.deepEqual(bitsOf(values), bitsOf(vectorValues(type)));
    });
  }

  for (const size of ["small", "large"] as const) {
    const set = goldenSets()[size];
    it(`${size} golden set: the input generator reproduces the first values`, () => {
      assert.deepEqual(Array.from(goldenInput(set).subarray(0, 8)), set.first8);
    });
    for (const type of ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "F16", "BF16"]) {
      const golden = set.types[type]?.plain;
      if (!golden) continue;
      it(`${size} golden set: ${type}`, () => {
        const scheme = byteScheme(type);
        const input = goldenInput(set);
        const bytes = quantize(scheme, input, set.n_per_row);
        assert.equal(bytes.length, golden.bytes);
        if (golden.hex !== undefined) assert.equal(Buffer.from(bytes).toString("hex"), golden.hex);
        assert.equal(sha256(bytes), golden.sha256);
        const values = new Float32Array(input.length);
        scheme.dequantizeRows(bytes, set.n_per_row, values);
        assert.equal(sha256(new Uint8Array(values.buffer)), golden.deq_sha256);
      });
    }
  }

  // SHA-256 of what the ggml library of `fixtures/ggml/index.json` made of the same input.
  const anyFinite: Record<string, string> = {
    Q8_0: "7b4ee5abbd9064bd441d32fd9aa6babf21ed25c346572fab92f602140cec021c",
    Q4_0: "f056afae6a78d5c0ef5aa74077d4e8ad8b07bed78f52dd4a6b25b84b76eb798d",
    Q4_1: "61e7a4df96cb650bdf563e18f6cc3287994c08f2450d908deec45ad3d8c48738",
    Q5_0: "6e84d77ded2e3e4aa8861564150aa3d3868359f0c827cd781ad4d2f3d9a0f985",
    Q5_1: "1564c34defeb7cd651bfff5f288220ee4c91b8a7bb42d163730c741952617107",
    Q2_K: "afe0785ef06909121beaa678b3ef4fd935f12ff1e197fc0109545fa611a346e0",
    Q3_K: "85d4d4ae1804c2bff0f0637b0f72a63584a1bb9daa3cca51f25277b5d7e82bd5",
    Q4_K: "cce3ddd410c2fabc69a73bd0dd8fbe7cc553e153e05658f371a0d19bf46e93e6",
    Q5_K: "10010c6654fb7979442932bb846e5f24d683f1b424f7a350f9465dcaa15bf67b",
    Q6_K: "56ff3be5f64bd045403a9f7024b3d4a796a174d25b49d75725fb97868b8bd5c2",
  };
  for (const [type, hash] of Object.entries(anyFinite)) {
    it(`${type}: equals the library on float32 numbers of every magnitude, subnormals and overflowing scales included`, () => {
      assert.equal(sha256(quantize(byteScheme(type), finitePatterns(), 256)), hash);
    });
  }

  it("an all-zero block keeps its negative-zero scale in Q4_0 and Q5_0, whatever the signs of its zeros", () => {
    const zeros = Float32Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 0 : -0));
    assert.deepEqual(Array.from(quantize(byteScheme("Q4_0"), zeros, 32)), [0x00, 0x80, ...Array<number>(16).fill(0x88)]);
    assert.deepEqual(Array.from(quantize(byteScheme("Q5_0"), zeros, 32)), [0x00, 0x80, 255, 255, 255, 255, ...Array<number>(16).fill(0)]);
    assert.deepEqual(Array.from(quantize(byteScheme("Q8_0"), zeros, 32)), Array<number>(34).fill(0));
  });

  it("all-zero super-blocks dequantize to zeros", () => {
    for (const name of ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]) {
      const scheme = byteScheme(name);
      const values = new Float32Array(256).fill(1);
      scheme.dequantizeRows(quantize(scheme, new Float32Array(256), 256), 256, values);
      assert.ok(
        values.every((value) => value === 0),
        name,
      );
    }
  });

  it("quantizes each row by itself: two rows together equal the rows one by one", () => {
    const input = vectorInput();
    for (const name of ["Q4_0", "Q4_K", "Q6_K"]) {
      const scheme = byteScheme(name);
      const whole = quantize(scheme, input, vectorColumns);
      const row = scheme.bytes([vectorColumns]);
      for (let r = 0; r < 4; r++) {
        const one = quantize(scheme, input.slice(r * vectorColumns, (r + 1) * vectorColumns), vectorColumns);
        assert.deepEqual(one, whole.slice(r * row, (r + 1) * row));
      }
    }
  });

  it("refuses rows that do not divide into blocks", () => {
    assert.throws(() => byteScheme("Q4_K").quantizeRows(new Float32Array(128), 128, new Uint8Array(144)), RangeError);
    assert.throws(() => byteScheme("Q4_0").bytes([2, 33]), RangeError);
  });
});
