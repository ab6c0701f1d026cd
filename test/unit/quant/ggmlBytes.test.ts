import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import type { ByteScheme } from "../../../src/core/quant/scheme";
import { anyFinite } from "../../support/distributions";
import {
  bitsOf,
  blockTypes,
  goldenImportance,
  goldenInput,
  goldenSets,
  vectorBytes,
  vectorColumns,
  vectorImportance,
  vectorInput,
  vectorValues,
  weightedValuesHash,
  weightedVectorBytes,
} from "./ggmlFixtures";

function byteScheme(name: string): ByteScheme {
  const scheme = findScheme(name);
  assert.ok(isByteScheme(scheme), `${name} has bytes`);
  return scheme;
}

function quantize(scheme: ByteScheme, source: Float32Array, columns: number, importance?: Float32Array): Uint8Array {
  const bytes = new Uint8Array(scheme.bytes([source.length / columns, columns]));
  bytes.fill(0xaa); // Whatever was in the target before must not show.
  scheme.quantizeRows(source, columns, bytes, importance);
  return bytes;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function hashOfValues(scheme: ByteScheme, bytes: Uint8Array, columns: number, count: number): string {
  const values = new Float32Array(count);
  scheme.dequantizeRows(bytes, columns, values);
  return sha256(new Uint8Array(values.buffer));
}

describe("ggml schemes", () => {
  for (const type of ["f16", "bf16", ...blockTypes]) {
    it(`${type}: bytes and dequantized values equal the library's on four kinds of rows`, () => {
      const scheme = byteScheme(type);
      const bytes = quantize(scheme, vectorInput(), vectorColumns);
      assert.deepEqual(bytes, vectorBytes(type));
      const values = new Float32Array(4 * vectorColumns);
      scheme.dequantizeRows(bytes, vectorColumns, values);
      assert.deepEqual(bitsOf(values), bitsOf(vectorValues(type)));
    });
  }

  for (const type of blockTypes) {
    it(`${type} with importance matrix: bytes and dequantized values equal the library's`, () => {
      const scheme = byteScheme(type);
      const bytes = quantize(scheme, vectorInput(), vectorColumns, vectorImportance());
      assert.deepEqual(bytes, weightedVectorBytes(type));
      assert.equal(hashOfValues(scheme, bytes, vectorColumns, 4 * vectorColumns), weightedValuesHash(type));
    });
  }

  for (const size of ["small", "large"] as const) {
    const set = goldenSets()[size];
    it(`${size} golden set: the input generator reproduces the first values`, () => {
      assert.deepEqual(Array.from(goldenInput(set).subarray(0, 8)), set.first8);
      assert.deepEqual(Array.from(goldenImportance(set).subarray(0, 4)), set.imatrix_first4);
    });
    for (const [type, { plain, imatrix }] of Object.entries(set.types)) {
      it(`${size} golden set: ${type}, without and with importance matrix`, () => {
        const scheme = byteScheme(type);
        const input = goldenInput(set);
        const weighted = imatrix === "same as plain" ? plain : imatrix;
        for (const [golden, importance] of [[plain], [weighted, goldenImportance(set)]] as const) {
          const bytes = quantize(scheme, input, set.n_per_row, importance);
          assert.equal(bytes.length, golden.bytes);
          if (golden.hex !== undefined) assert.equal(Buffer.from(bytes).toString("hex"), golden.hex);
          assert.equal(sha256(bytes), golden.sha256);
          assert.equal(hashOfValues(scheme, bytes, set.n_per_row, input.length), golden.deq_sha256);
        }
      });
    }
  }

  // SHA-256 of what the ggml library of `fixtures/ggml/index.json` made of the same input.
  const anyFiniteHashes: Record<string, string> = {
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
  for (const [type, hash] of Object.entries(anyFiniteHashes)) {
    it(`${type}: equals the library on float32 numbers of every magnitude, subnormals and overflowing scales included`, () => {
      assert.equal(sha256(quantize(byteScheme(type), anyFinite(64 * 256), 256)), hash);
    });
  }

  it("an all-zero block keeps its negative-zero scale in Q4_0 and Q5_0, whatever the signs of its zeros", () => {
    const zeros = Float32Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 0 : -0));
    assert.deepEqual(Array.from(quantize(byteScheme("Q4_0"), zeros, 32)), [0x00, 0x80, ...Array<number>(16).fill(0x88)]);
    assert.deepEqual(Array.from(quantize(byteScheme("Q5_0"), zeros, 32)), [0x00, 0x80, 255, 255, 255, 255, ...Array<number>(16).fill(0)]);
    assert.deepEqual(Array.from(quantize(byteScheme("Q8_0"), zeros, 32)), Array<number>(34).fill(0));
  });

  it("all-zero super-blocks dequantize to zeros", () => {
    for (const name of ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_XS", "TQ1_0", "TQ2_0"]) {
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
    const importance = vectorImportance();
    for (const name of ["Q4_0", "Q4_K", "Q6_K", "IQ4_XS"]) {
      const scheme = byteScheme(name);
      const whole = quantize(scheme, input, vectorColumns, importance);
      const row = scheme.bytes([vectorColumns]);
      for (let r = 0; r < 4; r++) {
        const one = quantize(scheme, input.slice(r * vectorColumns, (r + 1) * vectorColumns), vectorColumns, importance);
        assert.deepEqual(one, whole.slice(r * row, (r + 1) * row));
      }
    }
  });

  it("refuses importance weights of another number of columns", () => {
    assert.throws(
      () => quantize(byteScheme("Q4_0"), new Float32Array(64), 64, new Float32Array(32)),
      /32 importance weights for rows of 64/,
    );
  });

  it("refuses rows that do not divide into blocks", () => {
    assert.throws(() => byteScheme("Q4_K").quantizeRows(new Float32Array(128), 128, new Uint8Array(144)), RangeError);
    assert.throws(() => byteScheme("Q4_0").bytes([2, 33]), RangeError);
  });
});
