import { edgeOf, type MagnitudeHistogram, type Threshold } from "./magnitudes";

/**
 * The range that holds a share of the values, as ONNX Runtime and pytorch-quantization take it: the left edge of the first
 * bin up to whose end `percent` of 100 lie.
 */
export function percentile(histogram: MagnitudeHistogram, percent: number): Threshold {
  const { counts } = histogram;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let cumulative = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    cumulative += counts[bin]! / total;
    if (cumulative >= percent / 100) return { threshold: edgeOf(histogram, bin) };
  }
  return { threshold: edgeOf(histogram, counts.length - 1) };
}
