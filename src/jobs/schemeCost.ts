import { isAffineScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";

/** Nanoseconds a thread spends on one value with a scheme, everything included. Orders of magnitude are enough. */
export function costPerValue(scheme: Scheme): number {
  if (scheme.id.startsWith("hqq")) return scheme.tensorSums ? 8000 : 300;
  if (isAffineScheme(scheme) || scheme.id === "Q8_0" || scheme.id === "Q4_0") return 6;
  if (scheme.id === "Q4_K") return 35;
  return scheme.family === "float" ? 60 : 500;
}

/** Milliseconds of one task: another job waits no longer for its turn. */
const taskMs = 50;

/** Values of a task that applies some schemes to each. */
export function valuesPerTask(schemes: readonly Scheme[]): number {
  return (taskMs * 1e6) / schemes.reduce((sum, scheme) => sum + costPerValue(scheme), 0);
}
