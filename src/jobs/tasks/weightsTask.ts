import { findDType } from "../../core/tensor/dtype";
import { type QuantizedAs, quantizedUnit, quantizedValues } from "./quantizedValues";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** Decodes a part of a tensor into memory that all threads share. */
export interface WeightsTask {
  kind: "weights";
  slice: Slice;
  /** Float32 values. */
  target: SharedArrayBuffer;
  /** Index, in the target, of the first of them. */
  at: number;
  /** The type that the values go through. */
  as?: QuantizedAs;
}

export function runWeights({ slice, target, at, as }: WeightsTask, environment: TaskEnvironment): null {
  const values = new Float32Array(target);
  const take = quantizedValues(as, environment);
  const unit = as ? quantizedUnit(slice.dtype, as) : findDType(slice.dtype)!.blockSize;
  forEachChunk(environment, slice, unit, 0, (count, start) => {
    values.set(take(count), at + start);
  });
  return null;
}
