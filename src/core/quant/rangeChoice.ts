import { leastDivergence } from "../calibrate/entropy";
import { magnitudeBins, type MagnitudeHistogram, type Threshold } from "../calibrate/magnitudes";
import { leastSquares } from "../calibrate/mse";
import { percentile } from "../calibrate/percentile";
import { type BinRange, binIndex } from "../measure/histogram";

/** How the range of an affine scheme is chosen from the histogram of a tensor's magnitudes. */
export interface RangeChoice {
  label: string;
  /** Counts of the magnitudes of a part of the tensor. */
  counts(source: Float32Array, range: BinRange): number[];
  /** The range that codes are to cover: that of the values, without what lies beyond ± the chosen threshold. */
  choose(range: BinRange, counts: readonly number[]): BinRange;
}

/** The choice a name stands for: `p` and a percentile above 50 and up to 100, `mse`, or `kl`; undefined for any other. */
export function parseRangeChoice(name: string, bits: number): RangeChoice | undefined {
  if (name === "mse") return choiceOf("least squared error", (histogram) => leastSquares(histogram, bits));
  if (name === "kl") return choiceOf("least KL divergence", (histogram) => leastDivergence(histogram, bits));
  const percent = /^p(\d+(?:\.\d+)?)$/.exec(name)?.[1];
  if (percent === undefined || !(Number(percent) > 50 && Number(percent) <= 100)) return undefined;
  return choiceOf(`percentile ${percent}`, (histogram) => percentile(histogram, Number(percent)));
}

function choiceOf(label: string, calibrate: (histogram: MagnitudeHistogram) => Threshold): RangeChoice {
  return {
    label,
    counts: magnitudeCounts,
    choose(range, counts) {
      const max = largest(range);
      if (!(max > 0) || counts.length === 0) return range;
      const { threshold } = calibrate({ max, counts });
      // A threshold of 0 (most values are 0) would leave nothing.
      if (!(threshold > 0)) return range;
      return { low: Math.max(range.low, -threshold), high: Math.min(range.high, threshold) };
    },
  };
}

function largest({ low, high }: BinRange): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

function magnitudeCounts(source: Float32Array, range: BinRange): number[] {
  const counts = new Array<number>(magnitudeBins).fill(0);
  const magnitudes = { low: 0, high: largest(range) };
  for (const value of source) if (Number.isFinite(value)) counts[binIndex(Math.abs(value), magnitudes, magnitudeBins)]!++;
  return counts;
}
