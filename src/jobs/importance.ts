import { UsageError } from "../core/errors";
import { matrixShape, type TensorInfo } from "../core/tensor/tensorInfo";
import type { ErrorsInput } from "./contract";
import { type Slice, sliceFrom } from "./tasks/slice";

/**
 * Importance weights of a tensor's columns, or undefined where there are none.
 *
 * @throws UsageError `importance-mismatch` when they are for another number of columns
 */
export function weightsOf(info: TensorInfo, importance: ErrorsInput["importance"]): Float32Array | undefined {
  const weights = importance?.(info);
  if (!weights) return undefined;
  const { columns } = matrixShape(info.shape);
  const matrices = matrixCount(info);
  if (weights.length === columns || weights.length === columns * matrices) return weights;
  throw new UsageError("importance-mismatch", `The importance matrix has ${weights.length} weights for "${info.name}", not ${columns}`, {
    tensor: info.name,
    expected: matrices > 1 ? `${columns} or ${columns * matrices}` : String(columns),
    found: String(weights.length),
    hint: "It was made for another model. Leave it out, or use the one of this model.",
  });
}

/** Stacked matrices of a tensor: the experts of a layer. */
function matrixCount({ shape }: TensorInfo): number {
  return shape.slice(0, -2).reduce((product, dimension) => product * dimension, 1);
}

/** A slice in pieces of one matrix each, with the weights of that matrix. @param from index of its first value in the tensor */
export function matrixSlices(
  info: TensorInfo,
  slice: Slice,
  from: number,
  weights: Float32Array,
): { slice: Slice; importance: Float32Array }[] {
  const { rows, columns } = matrixShape(info.shape);
  if (weights.length === columns) return [{ slice, importance: weights }];
  const matrixValues = (rows / matrixCount(info)) * columns;
  const pieces: { slice: Slice; importance: Float32Array }[] = [];
  for (let start = 0; start < slice.values;) {
    const matrix = Math.floor((from + start) / matrixValues);
    const count = Math.min(slice.values - start, (matrix + 1) * matrixValues - from - start);
    pieces.push({ slice: sliceFrom(slice, start, count), importance: weights.slice(matrix * columns, (matrix + 1) * columns) });
    start += count;
  }
  return pieces;
}
