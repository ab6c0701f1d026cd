// Where the kernels put what, and what room they need. Offsets are indices into the Float64Array of results.

/** Results of `moments`: ten float64. Before the first call `min` is +Infinity, `max` −Infinity, the rest 0. */
export const outMoments = { finite: 0, nan: 1, inf: 2, zero: 3, min: 4, max: 5, s1: 6, s2: 7, s3: 8, s4: 9, length: 10 } as const;

/** Results of `errors` and of every kernel that adds errors: eight float64, 0 before the first call. */
export const outErrors = {
  count: 0,
  absolute: 1,
  square: 2,
  largest: 3,
  within5: 4,
  product: 5,
  squareX: 6,
  squareY: 7,
  length: 8,
} as const;

/** A first result block for `moments`. */
export function emptyMoments(): Float64Array {
  const out = new Float64Array(outMoments.length);
  out[outMoments.min] = Infinity;
  out[outMoments.max] = -Infinity;
  return out;
}

/** Bytes of scratch area that each kernel which takes one needs, 16-byte aligned, contents of no matter. */
export const scratchBytes = {
  patternCounts32: 65536 * 4,
  scanF32: 65536 * 4,
  patternCounts16: 65536 * 4,
  patternCounts8: 3 * 256 * 4,
  histogram: (bins: number): number => 3 * 4 * bins,
  /** Any of the quantizers. */
  quantize: 5056,
  /** Packed blocks of both matrices, and a tile. */
  gemm: 128 + 4 * 384 * (48 + 768),
} as const;

/** Bytes of the tables of a code book that the `…Blocks4` kernels take: see {@link writeBook4}. */
export const book4Bytes = 144;

/**
 * Lays out the tables of a code book of 16 values: 15 float32 midpoints (and room for one), 16 values by code, 16 bytes of
 * codes in ascending order.
 */
export function writeBook4(book: { values: Float32Array; boundaries: Float32Array; order: Uint8Array }, target: Uint8Array): void {
  const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
  target.set(bytesOf(book.boundaries), 0);
  target.set(bytesOf(book.values), 64);
  target.set(book.order, 128);
}
