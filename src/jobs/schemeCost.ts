import { isAffineScheme, isBlockwiseScheme, isHqqScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";

/** Nanoseconds a thread spends on one value with a scheme, everything included. Orders of magnitude are enough. */
export function costPerValue(scheme: Scheme): number {
  if (isBlockwiseScheme(scheme)) return scheme.book.values.length === 16 ? 8 : 60;
  if (isHqqScheme(scheme)) return scheme.tensorSums ? 60 : 6;
  if (isAffineScheme(scheme)) return 6;
  return kernelCosts[scheme.id] ?? (["float", "integer", "binary"].includes(scheme.family) ? 60 : 500);
}

/** Of schemes that have kernels. */
const kernelCosts: Readonly<Record<string, number>> = {
  ...{ f16: 6, bf16: 6, Q8_0: 6, Q4_0: 8, Q4_1: 8, Q5_0: 10, Q5_1: 10, IQ4_NL: 60, IQ4_XS: 60 },
  ...{ Q2_K: 25, Q3_K: 40, Q4_K: 35, Q5_K: 40, Q6_K: 20 },
};

/** Milliseconds of one task: another job waits no longer for its turn. */
const taskMs = 50;

/** Values of a task that applies some schemes to each. */
export function valuesPerTask(schemes: readonly Scheme[]): number {
  return (taskMs * 1e6) / schemes.reduce((sum, scheme) => sum + costPerValue(scheme), 0);
}
