/** Counts of |x| by equal bins from 0 to `max`, the last bin closed: what range calibrators work from. */
export interface MagnitudeHistogram {
  max: number;
  counts: readonly number[];
}

/** A range ±`threshold` that a calibrator chose. */
export interface Threshold {
  threshold: number;
  /** What was compared, by candidate, for methods that search: the least won. */
  curve?: readonly { threshold: number; loss: number }[];
}

/** Bins of the histogram, as both ONNX Runtime and pytorch-quantization use by default. */
export const magnitudeBins = 2048;

/** Upper edge of the first `bins` bins. */
export function edgeOf({ max, counts }: MagnitudeHistogram, bins: number): number {
  return (max * bins) / counts.length;
}

/** First candidate of the methods that search: a range of fewer bins than codes has nothing to lose. */
export const firstCandidate = 128;
