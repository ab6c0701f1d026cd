import type { BinRange } from "../../core/measure/histogram";
import { findDoubleDecoder } from "../../core/decode/doubleDecoder";
import type { MomentSums } from "../../core/measure/moments";
import { findDType } from "../../core/tensor/dtype";
import { forEachDoubleChunk } from "./doubleChunks";
import { doubleSums, momentSums } from "./momentSums";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** Finds the least and the greatest value of a piece. */
export interface RangeTask {
  kind: "range";
  slice: Slice;
  /** Of the values as they are stored, for statistics, or as float32, which is what is quantized. */
  of: RangeKind;
}

export type RangeKind = "stored" | "float32";

export function runRange({ slice, of }: RangeTask, environment: TaskEnvironment): BinRange {
  if (of === "float32" || !findDoubleDecoder(slice.dtype)) return rangeOf(slice, environment);
  let range = emptyRange;
  forEachDoubleChunk(environment, slice, 0, (values) => (range = joined(range, doubleSums(values))));
  return range;
}

function joined({ low, high }: BinRange, { min, max }: MomentSums): BinRange {
  return { low: Math.min(low, min), high: Math.max(high, max) };
}

/** The range of nothing, which merges with any other. */
export const emptyRange: BinRange = { low: Infinity, high: -Infinity };

/** The range of the finite values as float32, {@link emptyRange} where there is none. */
export function rangeOf(slice: Slice, environment: TaskEnvironment): BinRange {
  let range = emptyRange;
  forEachChunk(environment, slice, findDType(slice.dtype)!.blockSize, 0, (count) => {
    range = joined(range, momentSums(environment.workspace, count));
  });
  return range;
}
