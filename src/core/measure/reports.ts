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
export interface TensorStats {
  name: string;
  dtype: string;
  shape: number[];
  count: number;
  finite: number;
  nan: number;
  inf: number;
  zero: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  std: number | null;
  rms: number | null;
  absMax: number | null;
  kurtosis: number | null;
  percentiles: Record<string, number> | null;
  histogram: HistogramReport | null;
  /** Counts of 40 equal bins over mean ± 5·std: a picture of the shape in a table row. */
  spark?: number[];
}

/** What storing a tensor with a scheme does to it; definitions in the README's table. Null where undefined. */
export interface ErrorFigures {
  mae: number | null;
  rmse: number | null;
  maxError: number | null;
  /** rmse / rms(x). */
  relativeRmse: number | null;
  /** 20·log10(rms(x) / rmse); null when rmse is 0 (infinite). */
  sqnrDb: number | null;
  /** Share of values with |x − x̂| ≤ 0.05·|x|. */
  within5: number | null;
  cosine: number | null;
  /** √(Σw·e² / Σw) under the weights of an importance matrix; absent without one. */
  weightedRmse?: number | null;
  /** √(Σw·e² / Σw·x²). */
  weightedRelativeRmse?: number | null;
  /** Finite values too large for a float type, and values other than 0 that became 0; of float types only. */
  overflow?: number;
  underflow?: number;
  bitsPerWeight: number;
  bytes: number;
  /** Identifier of the scheme that was used in place of the one asked for. */
  fallback?: string;
}
