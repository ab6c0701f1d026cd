/** Percentile keys of a report, and each as thousandths of the values. */
const wanted: readonly (readonly [key: string, thousandths: number])[] = [
  ["0.1", 1],
  ["1", 10],
  ["5", 50],
  ["25", 250],
  ["50", 500],
  ["75", 750],
  ["95", 950],
  ["99", 990],
  ["99.9", 999],
];

/**
 * Rank, from 1, of a percentile by the nearest-rank definition: ⌈p·n⌉. Thousandths, because 0.999·n in floating point
 * may land above the integer it is.
 */
export function nearestRank(thousandths: number, n: number): number {
  return Math.max(1, Math.ceil((thousandths * n) / 1000));
}

/**
 * Nearest-rank percentiles of values that come as groups of equal (or indistinguishable) ones.
 *
 * @param values of the groups, ascending
 * @param counts of the groups
 * @param total values in all groups
 * @returns null without values
 */
export function percentilesOf(values: ArrayLike<number>, counts: ArrayLike<number>, total: number): Record<string, number> | null {
  if (total === 0) return null;
  const result: Record<string, number> = {};
  let next = 0;
  let reached = 0;
  for (let group = 0; group < values.length && next < wanted.length; group++) {
    reached += counts[group]!;
    while (next < wanted.length && nearestRank(wanted[next]![1], total) <= reached) result[wanted[next++]![0]] = values[group]!;
  }
  return result;
}
