import type { Accumulator } from "./accumulator";
import type { HistogramReport } from "./reports";

/** Where bins begin and end. */
export interface BinRange {
  low: number;
  high: number;
}

/**
 * The range of a histogram over values from `min` to `max`. As in NumPy, equal values get a range of width 1 around
 * them, since bins need a width.
 */
export function binRange(min: number, max: number): BinRange {
  return min < max ? { low: min, high: max } : { low: min - 0.5, high: max + 0.5 };
}

/**
 * Index of the bin of a value inside the range: floor((value − low)·bins / (high − low)), the last bin closed. The one
 * definition that kernels and plain code share.
 */
export function binIndex(value: number, { low, high }: BinRange, bins: number): number {
  const index = Math.floor(((value - low) * bins) / (high - low));
  // A range too narrow for float64 (around 1e20, say) has no width to divide by.
  return Number.isNaN(index) ? Math.floor(bins / 2) : Math.min(bins - 1, Math.max(0, index));
}

/** Equal-width counts over a range that is known beforehand. */
export class Histogram implements Accumulator<ArrayLike<number>, HistogramReport, number[]> {
  private readonly counts: number[];

  constructor(
    readonly range: BinRange,
    readonly bins: number,
  ) {
    this.counts = new Array<number>(bins).fill(0);
  }

  /** @param block counts of one block, one a bin */
  add(block: ArrayLike<number>): void {
    for (let bin = 0; bin < this.bins; bin++) this.counts[bin]! += block[bin]!;
  }

  /** Adds `count` values equal to `value`, which lies in the range. */
  addValue(value: number, count: number): void {
    this.counts[binIndex(value, this.range, this.bins)]! += count;
  }

  merge(state: number[]): void {
    this.add(state);
  }

  state(): number[] {
    return [...this.counts];
  }

  result(): HistogramReport {
    return { min: this.range.low, max: this.range.high, counts: this.state() };
  }
}

/** The histogram of `finite` values that are all equal, `min`; null where there is none. */
export function constantHistogram({ finite, min }: { finite: number; min: number }, bins: number): HistogramReport | null {
  if (finite === 0) return null;
  const histogram = new Histogram(binRange(min, min), bins);
  histogram.addValue(min, finite);
  return histogram.result();
}
