import { findDType } from "../../core/tensor/dtype";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** Decodes a part of a tensor into memory that all threads share. */
export interface WeightsTask {
  kind: "weights";
  slice: Slice;
  /** Float32 values. */
  target: SharedArrayBuffer;
  /** Index, in the target, of the first of them. */
  at: number;
}

export function runWeights({ slice, target, at }: WeightsTask, environment: TaskEnvironment): null {
  const { workspace } = environment;
  const values = new Float32Array(target);
  forEachChunk(environment, slice, findDType(slice.dtype)!.blockSize, 0, (count, start) => {
    values.set(workspace.floats(workspace.x, count), at + start);
  });
  return null;
}
