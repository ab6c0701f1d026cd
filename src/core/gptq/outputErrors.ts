import type { Arena } from "../linalg/arena";
import { type MatrixKernels, productScratchBytes, wholeProduct } from "../linalg/matrixKernels";
import { type InputSums, paddedSize } from "./hessian";

/** Rows of weights whose errors are multiplied at once. */
const rowsAtOnce = 256;

/** What quantizing some rows of a layer does, by column. */
export interface ColumnErrors {
  /**
   * The column's part of Σ(x·w − x·ŵ)² over the rows w and the inputs x. The parts add up to the whole; one can be negative, where
   * the errors of a column make up for those of others.
   */
  readonly output: Float64Array;
  /** Σ(w − ŵ)² over the rows. */
  readonly weight: Float64Array;
}

/**
 * What quantizing changes of the outputs of a layer, without running it: with errors d of a row and S = Σ x·xᵀ that is d·S·dᵀ, and
 * d_j·(S·d)_j of it belongs to column j (the quadratic error of Frantar et al., 2022).
 *
 * @param errors `rows` × `columns`: weights less the values that stand for them
 * @param sums of the inputs over which the error is taken: others than those the weights were quantized with, to judge a method
 * @param check called now and then; may throw
 */
export function columnErrors(kernels: MatrixKernels, arena: Arena, errors: Float32Array, sums: InputSums, check: () => void): ColumnErrors {
  const mark = arena.mark();
  try {
    const { columns } = sums;
    const size = paddedSize(columns);
    const inputs = arena.room(size * size);
    const own = arena.room(rowsAtOnce * size);
    const products = arena.room(rowsAtOnce * size);
    const scratch = arena.room(productScratchBytes, 1);
    loadSymmetric(arena.floats(inputs, size * size), size, sums);
    const result: ColumnErrors = { output: new Float64Array(columns), weight: new Float64Array(columns) };
    const rows = errors.length / columns;
    for (let start = 0; start < rows; start += rowsAtOnce) {
      check();
      const count = Math.min(rowsAtOnce, rows - start);
      const d = arena.floats(own, rowsAtOnce * size).fill(0);
      for (let row = 0; row < count; row++) d.set(errors.subarray((start + row) * columns, (start + row + 1) * columns), row * size);
      const product = arena.floats(products, rowsAtOnce * size).fill(0);
      kernels.multiplyAdd(Math.ceil(count / 4) * 4, size, size, 1, own, size, 0, inputs, size, 0, products, size, wholeProduct, scratch);
      for (let row = 0; row < count; row++) {
        for (let column = 0; column < columns; column++) {
          const at = row * size + column;
          result.output[column]! += d[at]! * product[at]!;
          result.weight[column]! += d[at]! * d[at]!;
        }
      }
    }
    return result;
  } finally {
    arena.release(mark);
  }
}

/** Both triangles, of which sums have the lower one. */
function loadSymmetric(target: Float32Array, size: number, { lower, stride, columns }: InputSums): void {
  target.fill(0);
  for (let row = 0; row < columns; row++) {
    for (let column = 0; column <= row; column++) {
      const value = lower[row * stride + column]!;
      target[row * size + column] = value;
      target[column * size + row] = value;
    }
  }
}
