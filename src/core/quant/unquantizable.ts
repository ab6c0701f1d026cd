import { findBlockFormat } from "../decode/ggml/formats";

/** Values that are checked at once: few enough to find the one at fault by looking again. */
const run = 512;

/**
 * Index of the first value that cannot be quantized, NaN or infinite; −1 when all can. ggml itself looks only at the scales
 * it has written, so that a NaN may vanish in a code or spoil its whole block: a writer checks what it reads and refuses the
 * tensor by name and index.
 */
export function findUnquantizable(values: Float32Array): number {
  for (let from = 0; from < values.length; from += run) {
    const to = Math.min(from + run, values.length);
    // x − x is 0 for finite numbers and NaN for all others, so one comparison stands for the run.
    let difference = 0;
    for (let i = from; i < to; i++) difference += values[i]! - values[i]!;
    if (difference === 0) continue;
    for (let i = from; i < to; i++) if (!Number.isFinite(values[i]!)) return i;
  }
  return -1;
}

/** Blocks of one kind: how many, and the first of them. */
export interface BlockCount {
  count: number;
  /** −1 where there is none. */
  first: number;
}

/** What is wrong with the F16 scales of blocks just quantized from finite values. */
export interface ScaleReport {
  /** The scale is beyond F16 (65,504): the block decodes to infinities. The tensor must be refused. */
  infinite: BlockCount;
  /** The scale is zero or so far below F16's normal numbers that it keeps fewer than 6 bits: the block is coarser than its type. */
  coarse: BlockCount;
}

/**
 * In units of 2⁻²⁴, the steps of F16's subnormal numbers, below which a scale is coarse: its rounding then costs more than
 * 1.6 %. K-quants of ordinary weights store subnormal super-scales all the time; those have bits to spare.
 */
const coarse = 32;

/**
 * Checks the scales of a whole number of blocks of a ggml type, just quantized.
 *
 * @param source the values they were made of: an all-zero block has a zero scale by right
 * @returns undefined for types that have no F16 scale
 */
export function checkScales(dtype: string, bytes: Uint8Array, source: Float32Array): ScaleReport | undefined {
  const format = findBlockFormat(dtype);
  const position = format?.halves.d;
  if (!format || position === undefined) return undefined;
  const report: ScaleReport = { infinite: { count: 0, first: -1 }, coarse: { count: 0, first: -1 } };
  const note = (kind: BlockCount, block: number): void => {
    if (kind.count++ === 0) kind.first = block;
  };
  const others = Object.values(format.halves);
  const hasMin = others.length > 1;
  for (let block = 0; block * format.bytes < bytes.length; block++) {
    const offset = block * format.bytes;
    const scale = (bytes[offset + position]! | (bytes[offset + position + 1]! << 8)) & 0x7fff;
    if (scale >= 0x7c00 || others.some((at) => (bytes[offset + at + 1]! & 0x7c) === 0x7c)) note(report.infinite, block);
    else if (scale < coarse && needsScale(source, block * format.size, format.size, hasMin)) note(report.coarse, block);
  }
  return report;
}

/** Whether a block needs its scale: not where all values are zero, nor where all are equal and a min stands for them. */
function needsScale(source: Float32Array, from: number, count: number, hasMin: boolean): boolean {
  const first = source[from]!;
  for (let i = from + 1; i < from + count; i++) if (source[i] !== first) return true;
  return first !== 0 && !hasMin;
}
