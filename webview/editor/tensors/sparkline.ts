/** Size of the drawing in pixels. */
export const sparkWidth = 76;
export const sparkHeight = 18;
const base = sparkHeight - 1;
/** The zero line of a logarithmic count: a bin with one value still stands above it. */
const zeroCount = 0.7;

/** The outline of a row's histogram as an SVG path: bins side by side, log counts, the fullest bin at the top. */
export function sparkPath(counts: readonly number[]): string {
  const largest = Math.max(...counts);
  if (!(largest > 0)) return "";
  const span = Math.log(largest / zeroCount);
  const step = sparkWidth / counts.length;
  const path = [`M0 ${base}`];
  let previous = base;
  counts.forEach((value, bin) => {
    const y = value > 0 ? base - (Math.log(value / zeroCount) / span) * (base - 1) : base;
    const rounded = Math.round(y * 10) / 10;
    if (rounded !== previous) path.push(`H${Math.round(bin * step * 10) / 10}V${rounded}`);
    previous = rounded;
  });
  path.push(`H${sparkWidth}V${base}Z`);
  return path.join("");
}

/** The shapes of several tensors as one: their counts in the same bins, each measured in its own σ. */
export function sumCounts(histograms: readonly (readonly number[])[]): number[] {
  const [first = []] = histograms;
  return first.map((_, bin) => histograms.reduce((sum, counts) => sum + (counts[bin] ?? 0), 0));
}
