import type { ErrorTotals } from "../../core/measure/errorSums";
import { outErrors as at } from "../../kernels/layout";
import type { Workspace } from "./workspace";

/** Empties the first `count` result slots. */
export function clearSlots(workspace: Workspace, count: number): void {
  for (let slot = 0; slot < count; slot++) workspace.doubles(workspace.outSlot(slot), at.length).fill(0);
}

/** What kernels added to a slot. */
export function readSlot(workspace: Workspace, slot: number): ErrorTotals {
  const out = workspace.doubles(workspace.outSlot(slot), at.length);
  return {
    count: out[at.count]!,
    absolute: out[at.absolute]!,
    square: out[at.square]!,
    largest: out[at.largest]!,
    within5: out[at.within5]!,
    product: out[at.product]!,
    squareX: out[at.squareX]!,
    squareY: out[at.squareY]!,
  };
}
