import { UsageError } from "../core/errors";
import { bytesOf, type Slice, sliceFrom } from "./tasks/slice";
import { type PlannedTensor, readBytes, totalBytes } from "./tensorPlan";

/** One of several shares of a job, counted from 1: the seam along which work is spread over machines. */
export interface Part {
  index: number;
  count: number;
}

/** What a share of a job has of one tensor: all of it, as a rule. */
export interface TensorPart {
  tensor: PlannedTensor;
  /** Index of its first value in the tensor. */
  from: number;
  slice: Slice;
  isWhole: boolean;
}

/** All of every tensor. */
export function wholeTensors(tensors: readonly PlannedTensor[]): TensorPart[] {
  return tensors.map((tensor) => ({ tensor, from: 0, slice: tensor.slice, isWhole: true }));
}

/**
 * One share of the tensors, by bytes. The shares of all indices are disjoint, cover everything, and depend on nothing
 * but the checkpoint, the number of shares, and where tensors may be cut.
 *
 * @param unitOf values between the places at which a tensor may be cut
 * @throws UsageError `bad-part`
 */
export function partOf(tensors: readonly PlannedTensor[], part: Part, unitOf: (tensor: PlannedTensor) => number): TensorPart[] {
  const { index, count } = part;
  if (!(Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count)) {
    throw new UsageError("bad-part", `There is no part ${index} of ${count}: parts are counted from 1`);
  }
  const total = totalBytes(tensors);
  const begin = Math.floor((total * (index - 1)) / count);
  const end = index === count ? Infinity : Math.floor((total * index) / count);
  const parts: TensorPart[] = [];
  let start = 0;
  for (const tensor of tensors) {
    const unit = unitOf(tensor);
    const first = cutAt(begin - start, tensor, unit);
    const next = cutAt(end - start, tensor, unit);
    const isHere = tensor.slice.values > 0 ? next > first : start >= begin && start < end;
    if (isHere) {
      const slice = sliceFrom(tensor.slice, first, next - first);
      parts.push({ tensor, from: first, slice, isWhole: slice.values === tensor.slice.values });
    }
    start += readBytes(tensor);
  }
  return parts;
}

/** Where to cut a tensor: the last allowed place within its first `bytes`. */
function cutAt(bytes: number, { slice }: PlannedTensor, unit: number): number {
  const unitBytes = bytesOf(slice.dtype, unit);
  return Math.max(0, Math.min(slice.values, Math.floor(bytes / unitBytes) * unit));
}

/** Groups what lies in the same file, one after the other, into batches of at most `most` in all: one task each. */
export function batches(parts: readonly TensorPart[], most: number, sizeOf: (slice: Slice) => number): TensorPart[][] {
  const groups: TensorPart[][] = [];
  let size = 0;
  for (const part of parts) {
    const added = sizeOf(part.slice);
    const group = groups.at(-1);
    size += added;
    if (group && group[0]!.tensor.file === part.tensor.file && size <= most) group.push(part);
    else {
      groups.push([part]);
      size = added;
    }
  }
  return groups;
}
