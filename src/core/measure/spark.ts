import type { TensorStats } from "./reports";

/** Bins of the small histogram in a table row. */
export const sparkBins = 40;
/** Standard deviations it covers on each side of the mean: the same scale for every tensor, so that shapes compare. */
const reach = 5;

/** Runs of values: run i has `count[i]` values, spread evenly between `low[i]` and `high[i]`. */
export interface ValueRuns {
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  count: ArrayLike<number>;
}

/**
 * Counts of 40 equal bins over mean ± 5·std, from runs of values: a run that crosses bins is shared out by length.
 * Values outside are not counted; a constant is one bar in the middle.
 */
export function sparkCounts({ low, high, count }: ValueRuns, mean: number, std: number): number[] {
  const counts = new Array<number>(sparkBins).fill(0);
  const start = mean - reach * std;
  const width = (2 * reach * std) / sparkBins;
  for (let run = 0; run < count.length; run++) {
    const from = width > 0 ? (low[run]! - start) / width : sparkBins / 2;
    const to = width > 0 ? (high[run]! - start) / width : sparkBins / 2;
    const length = to - from;
    for (let bin = Math.max(0, Math.floor(from)); bin < sparkBins && bin <= to; bin++) {
      const share = length > 0 ? (Math.min(to, bin + 1) - Math.max(from, bin)) / length : 1;
      counts[bin]! += count[run]! * share;
    }
  }
  return counts.map(Math.round);
}

/** The small histogram of statistics that came without one, from their large histogram. */
export function sparkOf({ mean, std, histogram }: Pick<TensorStats, "mean" | "std" | "histogram">): number[] {
  if (!histogram) return new Array<number>(sparkBins).fill(0);
  const width = (histogram.max - histogram.min) / histogram.counts.length;
  const edges = Array.from({ length: histogram.counts.length + 1 }, (_, bin) => histogram.min + bin * width);
  return sparkCounts({ low: edges, high: edges.slice(1), count: histogram.counts }, mean ?? 0, std ?? 0);
}
