import type { ValueErrors } from "./errorSums";
import type { MomentFigures } from "./moments";

/** Equal-width counts over [min, max]; the last bin is closed, as in `numpy.histogram`. */
export interface HistogramReport {
  min: number;
  max: number;
  counts: number[];
}

/**
 * Statistics of one tensor, over finite values only. Null where there is no finite value. `std` is the population's,
 * `kurtosis` m4/m2² (3 for a normal distribution, null for a constant). Percentiles are nearest rank, keyed
 * "0.1", "1", "5", "25", "50", "75", "95", "99", "99.9".
 */
export interface TensorStats extends MomentFigures {
  name: string;
  dtype: string;
  shape: number[];
  percentiles: Record<string, number> | null;
  histogram: HistogramReport | null;
  /** Counts of 40 equal bins over mean ± 5·std: a picture of the shape in a table row. */
  spark?: number[];
}

/** What storing a tensor with a scheme does to it; definitions in the README's table. Null where undefined. */
export interface ErrorFigures extends ValueErrors {
  bitsPerWeight: number;
  bytes: number;
  /** Identifier of the scheme that was used in place of the one asked for. */
  fallback?: string;
}
