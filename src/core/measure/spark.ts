import type { TensorStats } from "./reports";

/** Bins of the small histogram in a table row. */
export const sparkBins = 40;
/** Standard deviations it covers on each side of the mean: the same scale for every tensor, so that shapes compare. */
const reach = 5;

/** Values between `low` and `high`, spread evenly. */
export interface ValueRun {
  low: number;
  high: number;
  count: number;
}

/**
 * Counts of 40 equal bins over mean ± 5·std, from runs of values: a run that crosses bins is shared out by length.
 * Values outside are not counted; a constant is one bar in the middle.
 */
export function sparkCounts(runs: Iterable<ValueRun>, mean: number, std: number): number[] {
  const counts = new Array<number>(sparkBins).fill(0);
  const low = mean - reach * std;
  const width = (2 * reach * std) / sparkBins;
  const place = (value: number): number => (width > 0 ? (value - low) / width : sparkBins / 2);
  for (const run of runs) {
    const from = place(run.low);
    const to = place(run.high);
    const length = to - from;
    for (let bin = Math.max(0, Math.floor(from)); bin < sparkBins && bin <= to; bin++) {
      const share = length > 0 ? Math.min(to, bin + 1) - Math.max(from, bin) : 1;
      counts[bin]! += length > 0 ? (run.count * share) / length : run.count;
    }
  }
  return counts.map(Math.round);
}

/** The small histogram of statistics that came without one, from their large histogram. */
export function sparkOf({ mean, std, histogram }: Pick<TensorStats, "mean" | "std" | "histogram">): number[] {
  if (!histogram) return sparkCounts([], 0, 0);
  const width = (histogram.max - histogram.min) / histogram.counts.length;
  const runs = histogram.counts.map((count, bin) => ({ low: histogram.min + bin * width, high: histogram.min + (bin + 1) * width, count }));
  return sparkCounts(runs, mean ?? 0, std ?? 0);
}
