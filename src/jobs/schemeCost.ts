import { isAffineScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";
import { blockTypes } from "../kernels/blockKernels";

/** Schemes whose kernel rounds without a search. */
const rounded: readonly string[] = ["f16", "bf16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"];

/** Nanoseconds a thread spends on one value with a scheme, everything included. Orders of magnitude are enough. */
export function costPerValue(scheme: Scheme): number {
  if (isAffineScheme(scheme) || rounded.includes(scheme.id)) return 6;
  if (blockTypes.some((type) => type === scheme.id)) return 35;
  return scheme.family === "float" ? 60 : 500;
}

/** Milliseconds of one task: another job waits no longer for its turn. */
const taskMs = 50;

/** Values of a task that applies some schemes to each. */
export function valuesPerTask(schemes: readonly Scheme[]): number {
  return (taskMs * 1e6) / schemes.reduce((sum, scheme) => sum + costPerValue(scheme), 0);
}
