import { sparkOf } from "../core/measure/spark";
import type { TensorStats } from "../core/measure/reports";
import type { TensorSummary } from "../protocol/editor";

/** The figures of a table row, from a tensor's full statistics. */
export function summarize(index: number, stats: TensorStats): TensorSummary {
  const { min, max, mean, std, absMax, kurtosis, zero, nan, inf } = stats;
  return { index, min, max, mean, std, absMax, kurtosis, zero, nan, inf, spark: stats.spark ?? sparkOf(stats) };
}
