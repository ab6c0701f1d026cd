import { roundHalfEven } from "../quant/roundHalfEven";
import { edgeOf, firstCandidate, type MagnitudeHistogram, type Threshold } from "./magnitudes";

/**
 * The range of least mean squared error, as pytorch-quantization searches it: candidates are the middles of the bins from
 * the 128th on, values the middles of their bins, codes symmetric, of `bits`; the first of equal ones.
 */
export function leastSquares(histogram: MagnitudeHistogram, bits: number): Threshold {
  const { counts } = histogram;
  const top = 2 ** (bits - 1) - 1;
  const centres = Float64Array.from(counts, (_, bin) => (edgeOf(histogram, bin) + edgeOf(histogram, bin + 1)) / 2);
  const filled = Int32Array.from(counts.keys()).filter((bin) => counts[bin]! > 0);
  const curve: { threshold: number; loss: number }[] = [];
  for (let i = firstCandidate; i < counts.length; i++) {
    const threshold = centres[i]!;
    const scale = top / threshold;
    let sum = 0;
    for (const bin of filled) {
      const code = Math.min(top, roundHalfEven(centres[bin]! * scale));
      const error = code / scale - centres[bin]!;
      sum += error * error * counts[bin]!;
    }
    curve.push({ threshold, loss: sum / counts.length });
  }
  return leastOf(curve, histogram.max);
}

function leastOf(curve: { threshold: number; loss: number }[], otherwise: number): Threshold {
  let best: { threshold: number; loss: number } | undefined;
  for (const candidate of curve) if (!best || candidate.loss < best.loss) best = candidate;
  return { threshold: best?.threshold ?? otherwise, curve };
}
