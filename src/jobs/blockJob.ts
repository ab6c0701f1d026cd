import { inspectBlock } from "../core/decode/inspectBlock";
import { throwIfAborted, UsageError } from "../core/errors";
import { inspectPacked } from "../core/packed/inspectPacked";
import { findDType } from "../core/tensor/dtype";
import { matrixShape } from "../core/tensor/tensorInfo";
import type { BlockReport } from "../protocol/editor";
import type { BlockInput, JobContext } from "./contract";
import { openSource } from "./tasks/byteSource";
import { openTensor, readBlocks } from "./tensorBytes";

/**
 * The block that holds a value, taken apart; null for types whose values stand alone.
 *
 * @throws UsageError `bad-position`, `unknown-tensor`, `unreadable-tensor`
 */
export async function readBlock(input: BlockInput, { signal }: Pick<JobContext, "signal">): Promise<BlockReport | null> {
  const tensor = openTensor(input.checkpoint, input.tensor);
  const { info, dtype, file, blockSize, blockBytes } = tensor;
  const { rows, columns } = matrixShape(info.shape);
  if (!(input.row >= 0 && input.row < rows && input.column >= 0 && input.column < columns)) {
    throw new UsageError("bad-position", `${info.name} has ${rows} rows and ${columns} columns`, { tensor: info.name });
  }
  const { packed, source } = info;
  if (packed && source?.ref.kind === "packed") {
    throwIfAborted(signal);
    const parts = inspectPacked(source.ref, packed, input.row, input.column, openSource);
    return { dtype: info.dtype, row: input.row, offset: info.offset, file: info.name, ...parts };
  }
  if (findDType(dtype)?.family !== "block") return null;
  const index = input.row * columns + input.column;
  const { bytes, first } = await readBlocks(tensor, index, 1, signal);
  const parts = inspectBlock(dtype, bytes);
  if (!parts) return null;
  const offset = tensor.offset + (first / blockSize) * blockBytes;
  return { dtype, row: input.row, column: first % columns, offset, file: file.name, ...parts };
}
