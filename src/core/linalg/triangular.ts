import type { Arena } from "./arena";
import { type MatrixKernels, wholeProduct } from "./matrixKernels";

/** Side of the blocks on the diagonal that are factored and inverted in float64. Matrices have a multiple of it as side. */
export const factorBlock = 64;
/** Columns of a panel of the inverse; summands above it are zeros and left out. */
const panelColumns = 256;

/** A square matrix in the memory of kernels, row by row. */
export interface SquareMatrix {
  readonly address: number;
  /** Multiple of {@link factorBlock}. */
  readonly size: number;
}

/**
 * A = L · Lᵀ in place: the lower triangle of `matrix` becomes L, block column by block column, each brought up to date with all
 * that are left of it in one product. The upper triangle is not read; what it holds afterwards is of no matter.
 *
 * @param inverses room for the inverses of the blocks on the diagonal, `size` × {@link factorBlock}, one after the other
 * @param scratch of `multiplyAdd`
 * @returns −1, or the row whose pivot is not positive: `matrix` is not positive definite, and spoilt
 */
export function choleskyLower(kernels: MatrixKernels, arena: Arena, matrix: SquareMatrix, inverses: number, scratch: number): number {
  const { address, size } = matrix;
  const at = (row: number, column: number): number => address + 4 * (row * size + column);
  const mark = arena.mark();
  const panel = arena.room(size * factorBlock);
  for (let j = 0; j < size; j += factorBlock) {
    const below = size - j - factorBlock;
    kernels.multiplyAdd(size - j, factorBlock, j, -1, at(j, 0), size, 0, at(j, 0), size, 1, at(j, j), size, wholeProduct, scratch);
    const inverse = inverses + 4 * j * factorBlock;
    const failed = kernels.choleskyBlock(factorBlock, at(j, j), size, inverse);
    if (failed >= 0) {
      arena.release(mark);
      return j + failed;
    }
    moveBlock(arena, at(j + factorBlock, j), size, below, panel);
    kernels.multiplyAdd(
      below,
      factorBlock,
      factorBlock,
      1,
      panel,
      factorBlock,
      0,
      inverse,
      factorBlock,
      1,
      at(j + factorBlock, j),
      size,
      wholeProduct,
      scratch,
    );
  }
  arena.release(mark);
  return -1;
}

/** Moves `rows` rows of a block to `target`, and leaves zeros. */
function moveBlock(arena: Arena, address: number, size: number, rows: number, target: number): void {
  const values = arena.floats(address, rows === 0 ? 0 : (rows - 1) * size + factorBlock);
  const moved = arena.floats(target, rows * factorBlock);
  for (let row = 0; row < rows; row++) {
    const from = values.subarray(row * size, row * size + factorBlock);
    moved.set(from, row * factorBlock);
    from.fill(0);
  }
}

/**
 * L becomes L⁻¹ in place, block row by block row: row i of the inverse is −L[i][i]⁻¹ · Σ L[i][k] · L⁻¹[k].
 *
 * @param inverses of the blocks on the diagonal, from {@link choleskyLower}
 */
export function invertLower(kernels: MatrixKernels, arena: Arena, matrix: SquareMatrix, inverses: number, scratch: number): void {
  const { address, size } = matrix;
  const at = (row: number, column: number): number => address + 4 * (row * size + column);
  const mark = arena.mark();
  const sums = arena.room(factorBlock * size);
  for (let i = 0; i < size; i += factorBlock) {
    const inverse = inverses + 4 * i * factorBlock;
    const blockRow = arena.floats(at(i, 0), factorBlock * size);
    if (i > 0) {
      arena.floats(sums, factorBlock * size).fill(0);
      for (let j = 0; j < i; j += panelColumns) {
        const width = Math.min(panelColumns, i - j);
        const target = sums + 4 * j;
        kernels.multiplyAdd(factorBlock, width, i - j, 1, at(i, j), size, 0, at(j, j), size, 0, target, size, wholeProduct, scratch);
      }
      for (let row = 0; row < factorBlock; row++) blockRow.fill(0, row * size, row * size + i);
      kernels.multiplyAdd(factorBlock, i, factorBlock, -1, inverse, factorBlock, 0, sums, size, 0, at(i, 0), size, wholeProduct, scratch);
    }
    const block = arena.floats(inverse, factorBlock * factorBlock);
    // Later products read whole panels of the rows that are done: above the diagonal there have to be zeros.
    const panelEnd = Math.min(size, (Math.floor(i / panelColumns) + 1) * panelColumns);
    for (let row = 0; row < factorBlock; row++) {
      blockRow.set(block.subarray(row * factorBlock, (row + 1) * factorBlock), row * size + i);
      blockRow.fill(0, row * size + i + factorBlock, row * size + panelEnd);
    }
  }
  arena.release(mark);
}
