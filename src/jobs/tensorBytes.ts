import { findDecoder } from "../core/decode/decoder";
import { findDoubleDecoder } from "../core/decode/doubleDecoder";
import { FormatError, throwIfAborted, UsageError } from "../core/errors";
import type { RandomAccessFile } from "../core/file";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { findDType } from "../core/tensor/dtype";
import type { TensorInfo } from "../core/tensor/tensorInfo";
import { tensorAt, whyUnreadable } from "./tensorPlan";

/** A tensor whose values are read on this thread: pages for a view, not whole tensors at speed. */
export interface OpenTensor {
  info: TensorInfo;
  file: RandomAccessFile;
  blockSize: number;
  blockBytes: number;
}

/** Stored bytes of whole blocks that cover a run of values. */
export interface BlockRun {
  bytes: Uint8Array;
  /** Index, in the tensor, of the first value of the first block. */
  first: number;
}

/** @throws UsageError `unknown-tensor`, `unreadable-tensor` */
export function openTensor(checkpoint: Checkpoint, index: number): OpenTensor {
  const info = tensorAt(checkpoint, index);
  const reason = whyUnreadable(checkpoint, info);
  const file = checkpoint.files[info.file]?.file;
  const type = findDType(info.dtype);
  if (reason !== undefined || !file || !type) {
    throw new UsageError("unreadable-tensor", `The values of ${info.name} cannot be read: ${reason ?? "its file is missing"}`, {
      tensor: info.name,
    });
  }
  return { info, file, blockSize: type.blockSize, blockBytes: type.blockBytes };
}

/** Reads the blocks that hold values `[start, start + count)`. @throws FormatError, CancelledError */
export async function readBlocks(tensor: OpenTensor, start: number, count: number, signal?: AbortSignal): Promise<BlockRun> {
  throwIfAborted(signal);
  const { info, file, blockSize, blockBytes } = tensor;
  const firstBlock = Math.floor(start / blockSize);
  const blocks = Math.ceil((start + count) / blockSize) - firstBlock;
  const bytes = new Uint8Array(blocks * blockBytes);
  await file.read(info.offset + firstBlock * blockBytes, bytes);
  throwIfAborted(signal);
  return { bytes, first: firstBlock * blockSize };
}

/** The values of a type that float32 would round, as stored; undefined for other types. */
export function decodeDoubles({ info, blockBytes }: OpenTensor, { bytes }: BlockRun): Float64Array | undefined {
  const decode = findDoubleDecoder(info.dtype);
  if (!decode) return undefined;
  const values = new Float64Array(bytes.length / blockBytes);
  decode(bytes, values);
  return values;
}

/** Decodes all values of some blocks. */
export function decodeRun({ info, blockSize, blockBytes }: OpenTensor, { bytes }: BlockRun): Float32Array {
  const decoder = findDecoder(info.dtype);
  if (!decoder) throw new FormatError("unreadable-tensor", `Values of type ${info.dtype} are not yet decoded`, { tensor: info.name });
  const values = new Float32Array((bytes.length / blockBytes) * blockSize);
  decoder.decode(bytes, values);
  return values;
}
