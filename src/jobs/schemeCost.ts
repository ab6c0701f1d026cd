import { isAffineScheme, isBlockwiseScheme, isHqqScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";

/** Nanoseconds a thread spends on one value with a scheme, everything included. Orders of magnitude are enough. */
export function costPerValue(scheme: Scheme): number {
  if (isBlockwiseScheme(scheme)) return scheme.book.values.length === 16 ? 8 : 60;
  if (isHqqScheme(scheme)) return scheme.tensorSums ? 60 : 6;
  if (isAffineScheme(scheme) || scheme.id === "Q8_0" || scheme.id === "Q4_0") return 6;
  if (scheme.id === "Q4_K") return 35;
  return ["float", "integer", "binary"].includes(scheme.family) ? 60 : 500;
}

/** Milliseconds of one task: another job waits no longer for its turn. */
const taskMs = 50;

/** Values of a task that applies some schemes to each. */
export function valuesPerTask(schemes: readonly Scheme[]): number {
  return (taskMs * 1e6) / schemes.reduce((sum, scheme) => sum + costPerValue(scheme), 0);
}
