import { findDecoder } from "../../core/decode/decoder";
import { findDType } from "../../core/tensor/dtype";
import type { ByteSource } from "../../core/views/byteSource";
import { findDecodeKernel } from "../../kernels/blockKernels";
import type { Share, TaskControl } from "./control";
import { chunkBytes, chunkValues, mostChunkValues, type Workspace } from "./workspace";

/** A run of values of a tensor, in whole blocks of its stored type. */
export interface Slice {
  dtype: string;
  /** Byte offset in the file. */
  offset: number;
  values: number;
}

/** What a task works with: kernels and memory of its thread, the bytes of its file, its job's control. */
export interface TaskEnvironment {
  readonly workspace: Workspace;
  readonly source: ByteSource;
  readonly control: TaskControl;
}

/** Stored bytes of `values` values, which are whole blocks. @throws RangeError for a type of unknown size */
export function bytesOf(dtype: string, values: number): number {
  const type = findDType(dtype);
  if (!type) throw new RangeError(`${dtype} has no known size`);
  return (values / type.blockSize) * type.blockBytes;
}

/** The part of a slice from value `start` on, which begins a block. */
export function sliceFrom(slice: Slice, start: number, values: number): Slice {
  return { dtype: slice.dtype, offset: slice.offset + bytesOf(slice.dtype, start), values };
}

/**
 * Values of a chunk: a multiple of `unit`.
 *
 * @param unit values that must stay together, a multiple of the stored type's block, at most {@link mostChunkValues}
 */
export function valuesPerChunk(dtype: string, unit: number): number {
  const byBytes = (chunkBytes / bytesOf(dtype, unit)) * unit;
  return Math.max(1, Math.floor(Math.min(chunkValues, byBytes) / unit)) * unit;
}

/**
 * Reads a slice in chunks and decodes each to float32 at `workspace.x`.
 *
 * @param visit called with the values at hand and the index of the first of them
 */
export function forEachChunk(
  environment: TaskEnvironment,
  slice: Slice,
  unit: number,
  share: Share,
  visit: (count: number, start: number) => void,
): void {
  const { control } = environment;
  const step = valuesPerChunk(slice.dtype, unit);
  if (step > mostChunkValues)
    throw new RangeError(`${unit} values that must stay together are more than the ${mostChunkValues} of a chunk`);
  for (let start = 0; start < slice.values; start += step) {
    control.check();
    const part = sliceFrom(slice, start, Math.min(step, slice.values - start));
    readFloats(environment, part);
    visit(part.values, start);
    control.advance(bytesOf(part.dtype, part.values), share);
  }
}

/** Reads and decodes one chunk to `workspace.x`. */
function readFloats({ workspace, source }: TaskEnvironment, part: Slice): void {
  const { dtype, offset, values } = part;
  const bytes = bytesOf(dtype, values);
  if (dtype === "F32") {
    source.read(offset, workspace.bytes(workspace.x, bytes));
    return;
  }
  const input = workspace.bytes(workspace.input, bytes);
  source.read(offset, input);
  const kernel = findDecodeKernel(workspace.kernels, dtype);
  if (kernel) kernel(workspace.input, values, workspace.x);
  else decoderOf(dtype).decode(input, workspace.floats(workspace.x, values));
}

function decoderOf(dtype: string) {
  const decoder = findDecoder(dtype);
  if (!decoder) throw new RangeError(`${dtype} cannot be decoded`);
  return decoder;
}
