import { type Codebook, nearestCode } from "./codebook";

/** What bitsandbytes stores of values: a code each, and the largest magnitude of each block. */
export interface BlockwiseCodes {
  codes: Uint8Array;
  absmax: Float32Array;
}

/**
 * Quantizes blocks of the flattened tensor as bitsandbytes' CPU code does: v = x · (1 / max|x|) in float32, then the nearest
 * value of the code book. The last block may be short; of 4 bits, it is divided by its largest magnitude, at least 1e-38. Values that
 * are not finite count as 0. Source: bitsandbytes `backends/default/ops.py` (quantize_4bit, quantize_blockwise).
 */
export function quantizeBlockwise(source: Float32Array, block: number, book: Codebook): BlockwiseCodes {
  const divides = book.values.length === 16;
  const codes = new Uint8Array(source.length);
  const absmax = new Float32Array(Math.ceil(source.length / block));
  for (let b = 0; b < absmax.length; b++) {
    const end = Math.min(source.length, (b + 1) * block);
    const largest = largestMagnitude(source, b * block, end);
    const divisor = Math.max(largest, Math.fround(1e-38));
    const isDivided = divides && end - b * block < block;
    absmax[b] = isDivided ? divisor : largest;
    const inverse = Math.fround(1 / divisor);
    for (let i = b * block; i < end; i++) {
      const value = Math.fround(isDivided ? source[i]! / divisor : source[i]! * inverse);
      codes[i] = nearestCode(book, Number.isFinite(source[i]) ? Math.min(1, Math.max(-1, value)) : 0);
    }
  }
  return { codes, absmax };
}

/** Largest magnitude of the finite values from `from` to before `to`. */
export function largestMagnitude(source: Float32Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i++) {
    const magnitude = Math.abs(source[i]!);
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  return largest;
}

/** The values that codes stand for: book[code] · absmax of the block. */
export function dequantizeBlockwise({ codes, absmax }: BlockwiseCodes, block: number, book: Codebook, target: Float32Array): void {
  for (let i = 0; i < codes.length; i++) target[i] = book.values[codes[i]!]! * absmax[Math.floor(i / block)]!;
}
