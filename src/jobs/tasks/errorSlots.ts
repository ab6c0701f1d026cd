import type { ErrorTotals } from "../../core/measure/errorSums";
import type { FloatLosses } from "../../core/measure/floatLosses";
import { outErrors as at } from "../../kernels/layout";
import type { Workspace } from "./workspace";

/** After the kernels' sums: counts of {@link addLosses}, and whether there are any. */
const losses = { overflow: at.length, underflow: at.length + 1, counted: at.length + 2 } as const;
const slotLength = at.length + 3;

/** Adds counts of values that a float scheme cannot hold to a slot. */
export function addLosses(workspace: Workspace, slot: number, { overflow, underflow }: FloatLosses): void {
  const out = workspace.doubles(workspace.outSlot(slot), slotLength);
  out[losses.overflow]! += overflow;
  out[losses.underflow]! += underflow;
  out[losses.counted] = 1;
}

/** Empties the first `count` result slots. */
export function clearSlots(workspace: Workspace, count: number): void {
  for (let slot = 0; slot < count; slot++) workspace.doubles(workspace.outSlot(slot), slotLength).fill(0);
}

/** What kernels added to a slot. */
export function readSlot(workspace: Workspace, slot: number): ErrorTotals {
  const out = workspace.doubles(workspace.outSlot(slot), slotLength);
  return {
    count: out[at.count]!,
    absolute: out[at.absolute]!,
    square: out[at.square]!,
    largest: out[at.largest]!,
    within5: out[at.within5]!,
    product: out[at.product]!,
    squareX: out[at.squareX]!,
    squareY: out[at.squareY]!,
    ...(out[losses.counted] ? { losses: { overflow: out[losses.overflow]!, underflow: out[losses.underflow]! } } : {}),
  };
}
