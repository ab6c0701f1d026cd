import { emptyErrorTotals, type ErrorSums, type WeightedTotals } from "../../core/measure/errorSums";
import type { Scheme } from "../../core/quant/scheme";
import type { RunContext, SchemeRun } from "./runContext";
import { schemeRun } from "./schemeRun";
import type { TaskEnvironment } from "./slice";

/**
 * Measures chunks of whole rows under importance weights of the columns: quantizers that know such weights use them, and
 * errors are summed weighted as well.
 */
export function weightedRun(
  scheme: Scheme,
  sums: ErrorSums,
  environment: TaskEnvironment,
  context: RunContext & { importance: Float32Array },
): SchemeRun {
  const { workspace } = environment;
  const run = schemeRun(scheme, environment, context);
  return (count, slot) => {
    run(count, slot, workspace.y);
    const weighted = weightedSums(workspace.floats(workspace.x, count), workspace.floats(workspace.y, count), context.importance);
    sums.add({ ...emptyErrorTotals(), weighted });
  };
}

/** Finite values only, as everywhere. */
function weightedSums(x: Float32Array, y: Float32Array, weights: Float32Array): WeightedTotals {
  const total: WeightedTotals = { weight: 0, square: 0, squareX: 0 };
  const columns = weights.length;
  for (let start = 0; start < x.length; start += columns) {
    for (let c = 0; c < columns; c++) {
      const value = x[start + c]!;
      if (value - value !== 0) continue;
      const weight = weights[c]!;
      const error = value - y[start + c]!;
      total.weight += weight;
      total.square += weight * error * error;
      total.squareX += weight * value * value;
    }
  }
  return total;
}
