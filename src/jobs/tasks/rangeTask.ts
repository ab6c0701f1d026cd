import type { BinRange } from "../../core/measure/histogram";
import { findDType } from "../../core/tensor/dtype";
import { momentSums } from "./momentSums";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** Finds the least and the greatest value of a piece. */
export interface RangeTask {
  kind: "range";
  slice: Slice;
}

export function runRange(task: RangeTask, environment: TaskEnvironment): BinRange {
  return rangeOf(task.slice, environment);
}

/** The range of nothing, which merges with any other. */
export const emptyRange: BinRange = { low: Infinity, high: -Infinity };

/** The finite values' range, {@link emptyRange} where there is none. */
export function rangeOf(slice: Slice, environment: TaskEnvironment): BinRange {
  let { low, high } = emptyRange;
  forEachChunk(environment, slice, findDType(slice.dtype)!.blockSize, 0, (count) => {
    const { min, max } = momentSums(environment.workspace, count);
    low = Math.min(low, min);
    high = Math.max(high, max);
  });
  return { low, high };
}
