import { countRanges } from "./affine";
import { roundHalfEven } from "./roundHalfEven";
import type { AffineScheme } from "./scheme";

/** How values of one range become codes: `code = clamp(round(x / scale) + zeroPoint)`. Float64. */
export interface AffineRange {
  /** 0 where all values are zero. */
  scale: number;
  zeroPoint: number;
  minCode: number;
  maxCode: number;
}

/**
 * Scale and zero-point for values in [low, high]. Symmetric: the larger magnitude maps to the largest code, the code
 * −2^(bits−1) stays unused. Asymmetric: the range is widened to contain 0, which then is exact.
 */
export function affineRange(low: number, high: number, bits: number, symmetric: boolean): AffineRange {
  if (symmetric) {
    const maxCode = 2 ** (bits - 1) - 1;
    return { scale: Math.max(Math.abs(low), Math.abs(high)) / maxCode, zeroPoint: 0, minCode: -maxCode, maxCode };
  }
  const from = Math.min(low, 0);
  const maxCode = 2 ** bits - 1;
  const scale = (Math.max(high, 0) - from) / maxCode;
  return { scale, zeroPoint: scale === 0 ? 0 : roundHalfEven(-from / scale), minCode: 0, maxCode };
}

/** Code of a finite value. */
export function affineCode(value: number, range: AffineRange): number {
  if (range.scale === 0) return range.zeroPoint;
  const code = roundHalfEven(value / range.scale) + range.zeroPoint;
  return Math.min(range.maxCode, Math.max(range.minCode, code));
}

/** The value a code stands for. */
export function affineValue(code: number, range: AffineRange): number {
  return range.scale * (code - range.zeroPoint);
}

function rangeOf(source: Float32Array, from: number, to: number, scheme: AffineScheme): AffineRange {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    const value = source[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const whole = low <= high ? { low, high } : { low: 0, high: 0 };
  const chosen = scheme.chooseRange?.(whole, scheme.tensorSums!(source.subarray(from, to), whole)) ?? whole;
  return affineRange(chosen.low, chosen.high, scheme.bits, scheme.symmetric);
}

/**
 * Quantizes and dequantizes a matrix of whole rows in float64: the reference every faster implementation is tested
 * against. Non-finite values take no part in ranges and come out as 0.
 *
 * @returns the dequantized values and the range of each run, in order
 */
export function affineReconstruct(
  source: Float32Array,
  columns: number,
  scheme: AffineScheme,
): { values: Float64Array; ranges: AffineRange[] } {
  const { granularity } = scheme;
  const rows = columns === 0 ? 0 : source.length / columns;
  const values = new Float64Array(source.length);
  const ranges: AffineRange[] = [];
  const run = granularity.kind === "tensor" ? source.length : granularity.kind === "channel" ? columns : granularity.size;
  const perRow = countRanges(granularity, [1, columns]);
  const runs = granularity.kind === "tensor" ? Math.min(1, source.length) : rows * perRow;
  for (let r = 0; r < runs; r++) {
    const row = Math.floor(r / perRow);
    const from = granularity.kind === "tensor" ? 0 : row * columns + (r % perRow) * run;
    const to = granularity.kind === "tensor" ? source.length : Math.min(from + run, (row + 1) * columns);
    const range = rangeOf(source, from, to, scheme);
    ranges.push(range);
    for (let i = from; i < to; i++) {
      const value = source[i]!;
      values[i] = Number.isFinite(value) ? affineValue(affineCode(value, range), range) : 0;
    }
  }
  return { values, ranges };
}
