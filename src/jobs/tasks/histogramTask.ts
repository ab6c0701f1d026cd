import { findDType } from "../../core/tensor/dtype";
import { findDoubleDecoder } from "../../core/decode/doubleDecoder";
import { histogram } from "../../kernels/plain/histogram";
import { forEachDoubleChunk } from "./doubleChunks";
import { forEachChunk, type Slice, type TaskEnvironment } from "./slice";

/** A piece of a tensor to count by equal bins over a range that the first pass found. */
export interface HistogramPiece {
  slice: Slice;
  low: number;
  high: number;
  bins: number;
}

/** Second pass over a piece of a tensor of a wide type. */
export interface HistogramTask {
  kind: "histogram";
  piece: HistogramPiece;
}

export function runHistogram(task: HistogramTask, environment: TaskEnvironment): number[] {
  return countBins(task.piece, false, environment);
}

/** @param isAtHand whether the decoded values are at `workspace.x` already */
export function countBins(piece: HistogramPiece, isAtHand: boolean, environment: TaskEnvironment): number[] {
  const { slice, low, high, bins } = piece;
  const { workspace } = environment;
  const counts = workspace.words(workspace.bins, bins).fill(0);
  const count = (values: number): void =>
    workspace.kernels.histogram(workspace.x, values, low, high, bins, workspace.bins, workspace.scratch);
  if (findDoubleDecoder(slice.dtype)) forEachDoubleChunk(environment, slice, 0.5, (values) => histogram(values, low, high, counts));
  else if (isAtHand) count(slice.values);
  else forEachChunk(environment, slice, findDType(slice.dtype)!.blockSize, 0.5, count);
  return Array.from(counts);
}
