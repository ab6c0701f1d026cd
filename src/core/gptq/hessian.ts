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
 * A sum Σ x·xᵀ over N inputs x of a linear layer. The Hessian of the layer's output error is H = 2/N of it (Frantar et al., 2022).
 */
export interface InputSums {
  /** Row by row; only the lower triangle is read. */
  readonly lower: Float32Array;
  /** Values from one row to the next. */
  readonly stride: number;
  readonly columns: number;
  /** N */
  readonly tokens: number;
}

/** H[a][b]. */
export function hessianValue({ lower, stride, tokens }: InputSums, a: number, b: number): number {
  return Math.fround((2 / tokens) * (a > b ? lower[a * stride + b]! : lower[b * stride + a]!));
}

/** The diagonal of H: what the inputs of each column are worth. */
export function hessianDiagonal(sums: InputSums): Float32Array {
  return Float32Array.from({ length: sums.columns }, (_, column) => hessianValue(sums, column, column));
}

/** Adds inputs up in the memory of kernels; they can come in any portions. */
export class InputAccumulator {
  private readonly sums: SquareMatrix;
  private readonly scratch: number;
  private readonly inputs: number;
  private tokens = 0;

  constructor(
    private readonly kernels: MatrixKernels,
    private readonly arena: Arena,
    private readonly columns: number,
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

  /** What was added so far. A view that ends with the next use of the memory. */
  result(): InputSums {
    const { sums, columns, tokens } = this;
    return { lower: this.arena.floats(sums.address, sums.size * sums.size), stride: sums.size, columns, tokens };
  }
}
