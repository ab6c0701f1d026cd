import assert from "node:assert/strict";
import type { ByteScheme } from "../../src/core/quant/scheme";
import { type Ggml, ggmlName, ggmlTypeIds } from "./ggml";

/** Asserts that a scheme stores rows of `columns` values as the real ggml does, byte for byte. @param what is compared, for the message */
export function assertBytesOfGgml(
  ggml: Ggml,
  scheme: ByteScheme,
  values: Float32Array,
  columns: number,
  weights: Float32Array | undefined,
  what: string,
): void {
  const rows = values.length / columns;
  const expected = ggml.quantizeChunk(ggmlTypeIds[ggmlName(scheme.id)], values, rows, columns, weights);
  // A byte that the scheme does not write is not what ggml writes there.
  const actual = new Uint8Array(scheme.bytes([rows, columns])).fill(0xaa);
  scheme.quantizeRows(values, columns, actual, weights);
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  const block = scheme.bytes([scheme.blockSize]);
  assert.equal(at, -1, `${what}: byte ${at % block} of block ${Math.floor(at / block)}: ${actual[at]}, ggml ${expected[at]}`);
}
