import { importanceFigures, type ImportanceReport, type ImportanceRow } from "../core/calibrate/importanceFigures";
import type { Checkpoint } from "../core/tensor/checkpoint";
import type { JobContext } from "./contract";
import { loadImportance } from "./importanceMatrix";

export interface ImportanceInput {
  /** An importance matrix that was opened as a checkpoint. */
  checkpoint: Checkpoint;
  /** Channels to name of each entry. */
  largest: number;
  /** Runs of channels to sum each entry up in. */
  blocks: number;
}

/**
 * Says what an importance matrix covers: how often each weight was used, how many of its channels never were, and which matter most.
 *
 * @throws UsageError `not-an-imatrix`, `imatrix-too-large`; FormatError when its values cannot be read; CancelledError
 */
export async function describeImportance({ checkpoint, largest, blocks }: ImportanceInput, context: JobContext): Promise<ImportanceReport> {
  const { chunks, dataset, byGgufName } = await loadImportance(checkpoint, context.signal);
  const entries = checkpoint.tensors.map(({ name, shape, source }): ImportanceRow => {
    const matrices = shape.length > 1 ? shape[0]! : 1;
    const divisors = source?.ref.kind === "divided" ? source.ref.divisors : [1];
    const uses = divisors.reduce((most, divisor) => Math.max(most, divisor), 0);
    return { name, uses, ...importanceFigures(byGgufName(name)!, matrices, { largest, blocks }) };
  });
  return { ...(chunks === undefined ? {} : { chunks }), ...(dataset === undefined ? {} : { dataset }), entries };
}
