import { findDecoder } from "../core/decode/decoder";
import { findDoubleDecoder } from "../core/decode/doubleDecoder";
import { FormatError, throwIfAborted, UsageError } from "../core/errors";
import type { RandomAccessFile } from "../core/file";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { findDType } from "../core/tensor/dtype";
import { type TensorInfo, valueDType } from "../core/tensor/tensorInfo";
import { SourceFile } from "./sourceFile";
import { tensorAt, whyUnreadable } from "./tensorPlan";

/** A tensor whose values are read on this thread: pages for a view, not whole tensors at speed. */
export interface OpenTensor {
  info: TensorInfo;
  /** In which its values are read. */
  dtype: string;
  file: Pick<RandomAccessFile, "name" | "read">;
  /** Byte offset of the first value in `file`. */
  offset: number;
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
  const { source } = info;
  const file = source ? new SourceFile(info.name, source.ref) : checkpoint.files[info.file]?.file;
  const dtype = valueDType(info);
  const type = findDType(dtype);
  if (reason !== undefined || !file || !type) {
    throw new UsageError("unreadable-tensor", `The values of ${info.name} cannot be read: ${reason ?? "its file is missing"}`, {
      tensor: info.name,
    });
  }
  return { info, dtype, file, offset: source?.offset ?? info.offset, blockSize: type.blockSize, blockBytes: type.blockBytes };
}

/** Reads the blocks that hold values `[start, start + count)`. @throws FormatError, CancelledError */
export async function readBlocks(tensor: OpenTensor, start: number, count: number, signal?: AbortSignal): Promise<BlockRun> {
  throwIfAborted(signal);
  const { file, offset, blockSize, blockBytes } = tensor;
  const firstBlock = Math.floor(start / blockSize);
  const blocks = Math.ceil((start + count) / blockSize) - firstBlock;
  const bytes = new Uint8Array(blocks * blockBytes);
  await file.read(offset + firstBlock * blockBytes, bytes);
  throwIfAborted(signal);
  return { bytes, first: firstBlock * blockSize };
}

/** The values of a type that float32 would round, as stored; undefined for other types. */
export function decodeDoubles({ dtype, blockBytes }: OpenTensor, { bytes }: BlockRun): Float64Array | undefined {
  const decode = findDoubleDecoder(dtype);
  if (!decode) return undefined;
  const values = new Float64Array(bytes.length / blockBytes);
  decode(bytes, values);
  return values;
}

/** Decodes all values of some blocks. */
export function decodeRun({ info, dtype, blockSize, blockBytes }: OpenTensor, { bytes }: BlockRun): Float32Array {
  const decoder = findDecoder(dtype);
  if (!decoder) throw new FormatError("unreadable-tensor", `Values of type ${dtype} are not yet decoded`, { tensor: info.name });
  const values = new Float32Array((bytes.length / blockBytes) * blockSize);
  decoder.decode(bytes, values);
  return values;
}
