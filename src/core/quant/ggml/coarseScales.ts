import { uint16At } from "../../decode/ggml/blockFormat";
import { findBlockFormat } from "../../decode/ggml/formats";

/**
 * In units of 2⁻²⁴, the steps of F16's subnormal numbers, below which a scale is coarse: its rounding then costs more than
 * 1.6 %. K-quants of ordinary weights store subnormal super-scales all the time; those have bits to spare.
 */
const coarse = 32;

/** Where a block of a ggml type has an F16, in bytes from its start, and the least magnitude that needs no second look. */
export interface UsualHalf {
  stride: number;
  at: number;
  /** In steps of 2⁻²⁴. */
  least: number;
}

/**
 * What to look at to see that blocks are neither invalid nor coarse: those in which each of these is finite and no smaller
 * than its least. Undefined for types whose numbers are not all F16.
 */
export function usualHalves(dtype: string): UsualHalf[] | undefined {
  const format = findBlockFormat(dtype);
  if (!format || format.scalars) return undefined;
  return Object.entries(format.halves).map(([name, at]) => ({ stride: format.bytes, at, least: name === "d" ? coarse : 0 }));
}

/** Blocks of one kind: how many, and the first of them, −1 where there is none. */
export interface BlockCount {
  count: number;
  first: number;
}

/**
 * Finds blocks, just quantized, whose values are too small for the type: their F16 scale is zero or so far below the normal
 * numbers that it keeps fewer than 6 bits, so that they are stored worse than the type promises. ggml says nothing of these.
 *
 * @param bytes whole blocks of a ggml type
 * @param source the values they were made of: an all-zero block has a zero scale by right
 * @returns undefined for types that have no F16 scale
 */
export function countCoarseScales(dtype: string, bytes: Uint8Array, source: Float32Array): BlockCount | undefined {
  const format = findBlockFormat(dtype);
  const position = format?.halves.d;
  if (!format || position === undefined) return undefined;
  const { size, halves } = format;
  const hasMin = Object.keys(halves).length > 1;
  const found: BlockCount = { count: 0, first: -1 };
  for (let block = 0; block * format.bytes < bytes.length; block++) {
    const scale = uint16At(bytes, block * format.bytes + position) & 0x7fff;
    if (scale >= coarse || !needsScale(source, block * size, size, hasMin)) continue;
    if (found.count++ === 0) found.first = block;
  }
  return found;
}

/** Whether a block needs its scale: not where all values are zero, nor where all are equal and a min stands for them. */
function needsScale(source: Float32Array, from: number, count: number, hasMin: boolean): boolean {
  const first = source[from]!;
  for (let i = from + 1; i < from + count; i++) if (source[i] !== first) return true;
  return first !== 0 && !hasMin;
}
