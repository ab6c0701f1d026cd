import type { BinRange } from "../measure/histogram";
import { affineCode, affineRange, affineValue } from "../quant/affineArithmetic";
import { type Observed, observedMagnitudes, within } from "./calibrationMethods";
import { divergenceWithin } from "./entropy";
import { fineBins, type GrowingCounts } from "./growingHistogram";
import { edgeOf, firstCandidate, type MagnitudeHistogram } from "./magnitudes";

/** What clipping values at ±`threshold` and quantizing them with one range for all does, as far as a histogram tells. */
export interface ThresholdFigures extends BinRange {
  threshold: number;
  /** A code stands for scale · (code − zeroPoint). */
  scale: number;
  zeroPoint: number;
  /** Values outside of the range, to the width of a bin. */
  clipped: number;
  /** Mean squared error, of values in the middles of their bins. */
  mse: number;
  /**
   * What entropy calibration compares: divergence of the histogram from what is left of it, in nats. Null below its first candidate,
   * where there are fewer bins than it has levels, and where it is infinite.
   */
  divergence: number | null;
}

/** Figures of thresholds, in their order. @param bits of the codes, 2 to 16 */
export function thresholdFigures(seen: Observed, bits: number, thresholds: readonly number[]): ThresholdFigures[] {
  const magnitudes = observedMagnitudes(seen);
  const filled = filledBins(seen.histogram);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  return thresholds.map((threshold): ThresholdFigures => {
    const range = within(seen, { threshold });
    const codes = affineRange(range.low, range.high, bits, false);
    let [sum, clipped] = [0, 0];
    for (const { count, value } of filled) {
      // Values of the outermost bins lie at the edge of the range, not beyond.
      const held = Math.min(seen.high, Math.max(seen.low, value));
      const error = affineValue(affineCode(held, codes), codes) - held;
      sum += count * error * error;
      if (held < range.low || held > range.high) clipped += count;
    }
    const { scale, zeroPoint } = codes;
    const mse = total > 0 ? sum / total : 0;
    return {
      threshold,
      low: range.low,
      high: range.high,
      scale,
      zeroPoint,
      clipped,
      mse,
      divergence: divergenceAt(magnitudes, bits, threshold),
    };
  });
}

/** Bins with values, and their middles. */
function filledBins({ exponent, negative, positive }: GrowingCounts): { value: number; count: number }[] {
  const width = 2 ** exponent / fineBins;
  const side = (counts: Float64Array, sign: number) =>
    Array.from(counts, (count, bin) => ({ value: sign * (bin + 0.5) * width, count })).filter(({ count }) => count > 0);
  return [...side(negative, -1), ...side(positive, 1)];
}

function divergenceAt(magnitudes: MagnitudeHistogram, bits: number, threshold: number): number | null {
  const bins = Math.min(magnitudes.counts.length, Math.round(threshold / edgeOf(magnitudes, 1)));
  // Where all values are 0, no bin has a width.
  if (magnitudes.max === 0 || bins < firstCandidate) return null;
  const divergence = divergenceWithin(magnitudes, bits, bins);
  return Number.isFinite(divergence) ? divergence : null;
}
