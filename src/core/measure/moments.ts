import type { Accumulator } from "./accumulator";

/** What the values of a block are: how many of each kind, and the extrema of the finite ones. */
interface ValueCounts {
  finite: number;
  nan: number;
  inf: number;
  /** Values that are ±0. */
  zero: number;
  /** +Infinity when no value is finite. */
  min: number;
  /** −Infinity when no value is finite. */
  max: number;
}

/** Counts, extrema and the power sums Σ(x − pivot)^k, k = 1…4, of the finite values of one block. */
export interface MomentSums extends ValueCounts {
  /** Close to the mean, so that the sums below lose no digits where |mean| ≫ std. */
  pivot: number;
  s1: number;
  s2: number;
  s3: number;
  s4: number;
}

/** What {@link Moments} knows; `m2`…`m4` are sums of powers of (x − mean), not divided by the count. */
export interface MomentsState extends ValueCounts {
  mean: number;
  m2: number;
  m3: number;
  m4: number;
}

/** Figures over the finite values; null where there is none, `kurtosis` also where all values are equal. */
export interface MomentFigures {
  count: number;
  finite: number;
  nan: number;
  inf: number;
  zero: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  /** Of the population. */
  std: number | null;
  rms: number | null;
  absMax: number | null;
  /** m4 / m2²: 3 for a normal distribution. */
  kurtosis: number | null;
}

/** A state that nothing was added to. */
export function emptyMomentsState(): MomentsState {
  return { finite: 0, nan: 0, inf: 0, zero: 0, min: Infinity, max: -Infinity, mean: 0, m2: 0, m3: 0, m4: 0 };
}

/**
 * Counts, extrema and the first four moments in float64. Central moments are kept and merged by the formulas of Pébay
 * ("Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments", Sandia
 * report SAND2008-6212), which stay accurate where plain power sums cancel.
 */
export class Moments implements Accumulator<MomentSums, MomentFigures, MomentsState> {
  private readonly total = emptyMomentsState();

  add(block: MomentSums): void {
    this.merge(centralMoments(block));
  }

  merge(other: MomentsState): void {
    const { total } = this;
    const before = total.finite;
    total.nan += other.nan;
    total.inf += other.inf;
    total.zero += other.zero;
    total.min = Math.min(total.min, other.min);
    total.max = Math.max(total.max, other.max);
    total.finite += other.finite;
    if (other.finite === 0) return;
    if (before === 0) {
      total.mean = other.mean;
      total.m2 = other.m2;
      total.m3 = other.m3;
      total.m4 = other.m4;
      return;
    }
    const n = total.finite;
    const a = before / n;
    const b = other.finite / n;
    const delta = other.mean - total.mean;
    const square = delta * delta;
    const cross = square * before * b;
    total.m4 +=
      other.m4 +
      cross * square * (a * a - a * b + b * b) +
      6 * square * (a * a * other.m2 + b * b * total.m2) +
      4 * delta * (a * other.m3 - b * total.m3);
    total.m3 += other.m3 + cross * delta * (a - b) + 3 * delta * (a * other.m2 - b * total.m2);
    total.m2 += other.m2 + cross;
    total.mean += delta * b;
  }

  state(): MomentsState {
    return { ...this.total };
  }

  result(): MomentFigures {
    const { finite, nan, inf, zero, min, max, mean, m2, m4 } = this.total;
    const counts = { count: finite + nan + inf, finite, nan, inf, zero };
    if (finite === 0) return { ...counts, min: null, max: null, mean: null, std: null, rms: null, absMax: null, kurtosis: null };
    const variance = m2 / finite;
    return {
      ...counts,
      min,
      max,
      mean,
      std: Math.sqrt(variance),
      rms: Math.sqrt(mean * mean + variance),
      absMax: Math.max(Math.abs(min), Math.abs(max)),
      kurtosis: variance > 0 ? m4 / finite / (variance * variance) : null,
    };
  }
}

/** Moves power sums from their pivot to the mean. Equal values give exact zeros. */
function centralMoments(sums: MomentSums): MomentsState {
  const { finite, nan, inf, zero, min, max, pivot } = sums;
  if (finite === 0) return { ...emptyMomentsState(), nan, inf };
  if (min === max) return { finite, nan, inf, zero, min, max, mean: min, m2: 0, m3: 0, m4: 0 };
  const shift = sums.s1 / finite;
  const m2 = Math.max(0, sums.s2 - shift * sums.s1);
  const m3 = sums.s3 - 3 * shift * sums.s2 + 2 * shift * shift * sums.s1;
  const m4 = Math.max(0, sums.s4 - 4 * shift * sums.s3 + 6 * shift * shift * sums.s2 - 3 * shift ** 3 * sums.s1);
  return { finite, nan, inf, zero, min, max, mean: pivot + shift, m2, m3, m4 };
}
