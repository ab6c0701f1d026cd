import { findDecoder } from "../core/decode/decoder";
import type { FileRef } from "../core/fileRef";
import { inStoredOrder } from "../core/tensor/arraySource";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { unavailability, type Unavailable } from "../core/tensor/availability";
import { countValues, type TensorInfo, valueDType } from "../core/tensor/tensorInfo";
import { UsageError } from "../core/errors";
import { bytesOf, type Slice, sliceFrom } from "./tasks/slice";

/** A tensor whose values can be read. */
export interface PlannedTensor {
  /** Index into `checkpoint.tensors`. */
  index: number;
  info: TensorInfo;
  file: FileRef;
  /** All of it. */
  slice: Slice;
}

export interface Skipped {
  name: string;
  reason: string;
}

/** Stored bytes one task works on: some ten milliseconds, so that work is shared out evenly and cancelling is quick. */
export const taskBytes = 32 * 2 ** 20;

const reasons: Readonly<Record<Unavailable, string>> = {
  "no-file": "its file is missing or unreadable",
  truncated: "its file ends before its last value",
  "unknown-type": "its stored type is not known or does not fit its bytes",
};

/** Why a tensor's values cannot be computed with, or undefined when they can. */
export function whyUnreadable(checkpoint: Checkpoint, info: TensorInfo): string | undefined {
  const why = unavailability(checkpoint, info);
  if (why) return reasons[why];
  const dtype = valueDType(info);
  return findDecoder(dtype) ? undefined : `values of type ${dtype} are not yet decoded`;
}

/** @throws UsageError `unknown-tensor` for an index the checkpoint does not have */
export function tensorAt(checkpoint: Checkpoint, index: number): TensorInfo {
  const info = checkpoint.tensors[index];
  if (!info) throw new UsageError("unknown-tensor", `There is no tensor number ${index} in ${checkpoint.name}`);
  return info;
}

/** Sorts the tensors asked for into those that can be read and those that cannot. */
export function planTensors(
  checkpoint: Checkpoint,
  indices: readonly number[] = checkpoint.tensors.map((_, index) => index),
): { tensors: PlannedTensor[]; skipped: Skipped[] } {
  const tensors: PlannedTensor[] = [];
  const skipped: Skipped[] = [];
  for (const index of indices) {
    const info = tensorAt(checkpoint, index);
    const reason = whyUnreadable(checkpoint, info);
    if (reason !== undefined) skipped.push({ name: info.name, reason });
    else tensors.push(planned(checkpoint, info, index));
  }
  return { tensors, skipped };
}

function planned(checkpoint: Checkpoint, info: TensorInfo, index: number): PlannedTensor {
  const { source } = info;
  const slice = { dtype: valueDType(info), offset: source?.offset ?? info.offset, values: countValues(info.shape) };
  return { index, info, file: source?.ref ?? checkpoint.files[info.file]!.file!.ref, slice };
}

/** A tensor for what does not depend on the order of its values: in the order in which they are stored. */
export function inAnyOrder(tensor: PlannedTensor): PlannedTensor {
  const source = tensor.info.source && inStoredOrder(tensor.info.source);
  return source ? { ...tensor, file: source.ref, slice: { ...tensor.slice, offset: source.offset } } : tensor;
}

/** One tensor of a file, or the error that says why its values cannot be had. @throws UsageError */
export function planTensor(checkpoint: Checkpoint, index: number): PlannedTensor {
  const { tensors, skipped } = planTensors(checkpoint, [index]);
  if (tensors[0]) return tensors[0];
  throw new UsageError("unreadable-tensor", `The values of ${skipped[0]!.name} cannot be read: ${skipped[0]!.reason}`, {
    tensor: skipped[0]!.name,
  });
}

/** Bytes that are read for one: what is stored, or what a view makes of it. */
export function readBytes({ slice }: PlannedTensor): number {
  return bytesOf(slice.dtype, slice.values);
}

/** Bytes that are read for all of them. */
export function totalBytes(tensors: readonly PlannedTensor[]): number {
  return tensors.reduce((sum, tensor) => sum + readBytes(tensor), 0);
}

/** Where statistics may cut a tensor: at multiples of every stored type's block; what values are to each other is no matter. */
export const cutUnit = 256;

/**
 * Cuts a slice into pieces of at most `values` values or a little more, at multiples of `unit`; without `values`, into
 * pieces for statistics. These do not depend on the number of threads, so neither does the result.
 */
export function cutSlice(slice: Slice, unit: number, values = (taskBytes / bytesOf(slice.dtype, cutUnit)) * cutUnit): Slice[] {
  return [...slicePieces(slice, unit, values)];
}

/** The pieces of {@link cutSlice} one by one: there may be millions of them. */
export function* slicePieces(slice: Slice, unit: number, values: number): Generator<Slice> {
  const units = Math.ceil(slice.values / unit);
  const pieces = Math.max(1, Math.min(units, Math.ceil(slice.values / values)));
  const unitsEach = Math.ceil(units / pieces);
  let start = 0;
  do {
    yield sliceFrom(slice, start, Math.min(unitsEach * unit, slice.values - start));
    start += unitsEach * unit;
  } while (start < slice.values);
}
