import { nearestCode } from "./float32";
import type { WeightedValues } from "./weights";

/** How an asymmetric search measures the error of a candidate and which candidates it tries. */
export interface RangeSearch {
  /** Largest code. */
  readonly maxCode: number;
  /** Candidate s spreads `start + step·s + maxCode` levels over the range. Float32 numbers. */
  readonly start: number;
  readonly step: number;
  readonly steps: number;
  /** Weighted absolute errors instead of squares. */
  readonly absolute: boolean;
}

/** What a search found: `x ≈ scale·code − min`. */
export interface FoundRange {
  scale: number;
  /** At least 0. */
  min: number;
}

// Codes are kept as floats here: they take part in nothing but float32 arithmetic until one candidate has won.
const first = new Float32Array(32);
const candidate = new Float32Array(32);

function weightedError(values: WeightedValues, scale: number, min: number, codes: Float32Array, absolute: boolean): number {
  const { x, at, count, weights, weightsAt } = values;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const difference = Math.fround(Math.fround(Math.fround(scale * codes[i]!) + min) - x[at + i]!);
    const error = absolute ? Math.abs(difference) : Math.fround(difference * difference);
    sum = Math.fround(sum + Math.fround(weights[weightsAt + i]! * error));
  }
  return sum;
}

/** The search that ggml does for every type with mins when there is an importance matrix. */
export function importanceSearch(maxCode: number): RangeSearch {
  return { maxCode, start: Math.fround(-0.9), step: Math.fround(0.05), steps: 36, absolute: false };
}

/**
 * ggml's `make_qkx2_quants`, and `make_qkx3_quants`, which does the same: finds scale and min of a sub-block by trying several code widths, solving each for the best
 * scale and min by weighted least squares, and keeping the one of smallest error. Float32 throughout.
 *
 * @param codes receives the codes from `codesAt`
 */
export function makeQkx2(values: WeightedValues, search: RangeSearch, codes: Uint8Array, codesAt: number, found: FoundRange): void {
  const { x, at, count, weights, weightsAt } = values;
  const { maxCode, absolute } = search;
  let min = x[at]!;
  let max = min;
  let sumW = weights[weightsAt]!;
  let sumX = Math.fround(sumW * min);
  for (let i = 1; i < count; i++) {
    const value = x[at + i]!;
    const weight = weights[weightsAt + i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    sumW = Math.fround(sumW + weight);
    sumX = Math.fround(sumX + Math.fround(weight * value));
  }
  if (min > 0) min = 0;
  if (max === min) {
    codes.fill(0, codesAt, codesAt + count);
    found.scale = 0;
    found.min = -min;
    return;
  }
  let inverse = Math.fround(maxCode / Math.fround(max - min));
  let scale = Math.fround(1 / inverse);
  for (let i = 0; i < count; i++) first[i] = nearestCode(Math.fround(inverse * Math.fround(x[at + i]! - min)), maxCode);
  for (let i = 0; i < count; i++) codes[codesAt + i] = first[i]!;
  let best = weightedError(values, scale, min, first, absolute);
  for (let s = 0; s <= search.steps; s++) {
    const levels = Math.fround(Math.fround(search.start + Math.fround(search.step * s)) + maxCode);
    inverse = Math.fround(levels / Math.fround(max - min));
    let sumL = 0;
    let sumL2 = 0;
    let sumXL = 0;
    for (let i = 0; i < count; i++) {
      const value = x[at + i]!;
      const code = nearestCode(Math.fround(inverse * Math.fround(value - min)), maxCode);
      candidate[i] = code;
      const weighted = Math.fround(weights[weightsAt + i]! * code);
      sumL = Math.fround(sumL + weighted);
      sumL2 = Math.fround(sumL2 + Math.fround(weighted * code));
      sumXL = Math.fround(sumXL + Math.fround(weighted * value));
    }
    const determinant = Math.fround(Math.fround(sumW * sumL2) - Math.fround(sumL * sumL));
    if (!(determinant > 0)) continue;
    let thisScale = Math.fround(Math.fround(Math.fround(sumW * sumXL) - Math.fround(sumX * sumL)) / determinant);
    let thisMin = Math.fround(Math.fround(Math.fround(sumL2 * sumX) - Math.fround(sumL * sumXL)) / determinant);
    if (thisMin > 0) {
      thisMin = 0;
      thisScale = Math.fround(sumXL / sumL2);
    }
    const error = weightedError(values, thisScale, thisMin, candidate, absolute);
    if (error < best) {
      for (let i = 0; i < count; i++) codes[codesAt + i] = candidate[i]!;
      best = error;
      scale = thisScale;
      // The next candidate starts from the accepted min: ggml reuses the variable.
      min = thisMin;
    }
  }
  found.scale = scale;
  found.min = -min;
}
