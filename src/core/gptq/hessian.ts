import type { Arena } from "../linalg/arena";
import { lowerTriangle, type MatrixKernels, productScratchBytes } from "../linalg/matrixKernels";
import { factorBlock, type SquareMatrix } from "../linalg/triangular";

/** Side of the matrix in which that of `columns` lies. */
export function paddedSize(columns: number): number {
  return Math.ceil(columns / factorBlock) * factorBlock;
}

/** Inputs that are taken at once. */
const tokensAtOnce = 256;

/**
 * The Hessian of a linear layer's output error, H = 2/N · Σ x·xᵀ over N inputs x (Frantar et al., 2022), in the memory of
 * kernels. Sums of parts add up, so that batches can come in any portions.
 */
export class Hessian {
  /** Lower triangle of Σ x·xᵀ. */
  private readonly sums: SquareMatrix;
  private readonly scratch: number;
  private readonly inputs: number;
  /** N */
  tokens = 0;

  constructor(
    private readonly kernels: MatrixKernels,
    private readonly arena: Arena,
    readonly columns: number,
  ) {
    const size = paddedSize(columns);
    this.sums = { address: arena.room(size * size), size };
    this.inputs = arena.room(tokensAtOnce * size);
    this.scratch = arena.room(productScratchBytes, 1);
    arena.floats(this.sums.address, size * size).fill(0);
  }

  /** Bytes of memory that one takes. */
  static bytes(columns: number): number {
    const size = paddedSize(columns);
    return 4 * size * (size + tokensAtOnce) + productScratchBytes;
  }

  /** Adds inputs, row by row. */
  add(inputs: Float32Array): void {
    const { columns, sums, arena } = this;
    const { size } = sums;
    const count = inputs.length / columns;
    for (let start = 0; start < count; start += tokensAtOnce) {
      const tokens = Math.min(tokensAtOnce, count - start);
      const rows = arena.floats(this.inputs, tokens * size);
      for (let token = 0; token < tokens; token++) {
        const from = (start + token) * columns;
        rows.set(inputs.subarray(from, from + columns), token * size);
        rows.fill(0, token * size + columns, (token + 1) * size);
      }
      const { inputs: x, scratch } = this;
      this.kernels.multiplyAdd(size, size, tokens, 1, x, size, 1, x, size, 0, sums.address, size, lowerTriangle, scratch);
    }
    this.tokens += count;
  }

  /** H, `columns` × `columns`, both triangles. */
  values(): Float32Array {
    const { columns, sums } = this;
    const lower = this.arena.floats(sums.address, sums.size * sums.size);
    const factor = 2 / this.tokens;
    const result = new Float32Array(columns * columns);
    for (let row = 0; row < columns; row++) {
      for (let column = 0; column <= row; column++) {
        const value = factor * lower[row * sums.size + column]!;
        result[row * columns + column] = value;
        result[column * columns + row] = value;
      }
    }
    return result;
  }
}
