import { roundHalfEven } from "../quant/roundHalfEven";

/** Parts of the range that the search tries, from the whole to a fifth of it, as the reference does. */
const shrinkSteps = 80;

/** Values of one row of a group, where they lie in the transposed weights. */
interface RowValues {
  readonly weights: Float32Array;
  readonly at: number;
  /** Values from one column to the next. */
  readonly step: number;
  readonly count: number;
}

/** An affine grid: value = scale · (code − zero). */
interface Grid {
  scale: number;
  zero: number;
}

/**
 * Narrows the range of one row of a group to where Σ|error|^exponent is least: the reference's search with `mse`. The grid
 * comes in as that of the whole range.
 *
 * For 2 bits without symmetry both whole zeros around the exact one are tried, since there a level is a third of the range.
 */
export function searchGrid(values: RowValues, maxCode: number, symmetric: boolean, exponent: number): Grid {
  const [low, high] = rangeOf(values, symmetric);
  let best = Infinity;
  const found: Grid = { scale: 1, zero: 0 };
  for (let step = 0; step < shrinkSteps; step++) {
    const part = Math.fround(1 - step / 100);
    const from = Math.fround(part * low);
    const scale = Math.fround(Math.fround(Math.fround(part * high) - from) / maxCode);
    for (const zero of zerosOf(Math.fround(-from / scale), maxCode, symmetric)) {
      const error = errorOf(values, scale, zero, maxCode, exponent);
      if (!(error < best)) continue;
      best = error;
      found.scale = scale;
      found.zero = zero;
    }
  }
  return found;
}

function zerosOf(exact: number, maxCode: number, symmetric: boolean): readonly number[] {
  if (symmetric) return [(maxCode + 1) / 2];
  const nearest = roundHalfEven(exact);
  return maxCode > 3 ? [nearest] : [...new Set([nearest, Math.floor(exact), Math.ceil(exact)])];
}

function rangeOf({ weights, at, step, count }: RowValues, symmetric: boolean): [number, number] {
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    const value = weights[at + i * step]!;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (symmetric) {
    high = Math.max(high, -low);
    if (low < 0) low = -high;
  }
  return low === 0 && high === 0 ? [-1, 1] : [low, high];
}

function errorOf({ weights, at, step, count }: RowValues, scale: number, zero: number, maxCode: number, exponent: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = weights[at + i * step]!;
    const code = Math.min(maxCode, Math.max(0, roundHalfEven(Math.fround(value / scale)) + zero));
    sum += Math.abs(Math.fround(scale * (code - zero)) - value) ** exponent;
  }
  return sum;
}
