import { availableParallelism } from "node:os";
import { findScheme, knownScheme } from "../../core/quant/registry";
import { findFileType } from "../../core/recipe/fileTypes";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { countValues } from "../../core/tensor/tensorInfo";

/** Types that are picked already when the list is shown first: the steps that people choose between. */
export const usualTypes = ["Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q3_K_M", "Q2_K", "nf4", "int4-g128"];

/** Multiplications and additions that a thread does in a second, and seconds that an estimate may take for a model. Orders of magnitude. */
const threadFlops = 1e10;
const estimateSeconds = 4;
/** Windows of 512 tokens that an estimate has at most. */
const mostQuickWindows = 8;

/** Windows with which a model is measured in seconds. */
export function quickWindows({ tensors }: Checkpoint, threads = availableParallelism()): number {
  const weights = tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
  const tokens = (estimateSeconds * threads * threadFlops) / (2 * Math.max(1, weights));
  return Math.max(1, Math.min(mostQuickWindows, Math.floor(tokens / 512)));
}

/** A type by the name that tables have. @throws UsageError `unknown-type` */
export function typeName(type: string): string {
  return findFileType(type)?.name ?? findScheme(type).id;
}

/** Whether a name is one of a file type, which says what becomes of every tensor. */
export function isFileType(type: string): boolean {
  return findFileType(type) !== undefined;
}

/** Label of a scheme, for people: `INT4 · symmetric, per channel`. Undefined for a file type, whose name is for people already. */
export function schemeLabel(type: string): string | undefined {
  return isFileType(type) ? undefined : knownScheme(type)?.label;
}
