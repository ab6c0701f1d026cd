import { FormatError } from "../errors";
import type { Arena } from "../linalg/arena";
import { type MatrixKernels, productScratchBytes } from "../linalg/matrixKernels";
import { choleskyLower, factorBlock, invertLower, type SquareMatrix } from "../linalg/triangular";
import { columnOrder } from "./columnOrder";
import { hessianDiagonal, type InputSums, paddedSize } from "./hessian";
import type { GptqOptions } from "./options";

/** What the loop over the columns needs of a Hessian; it serves all layers that have the same inputs. */
export interface InverseFactor {
  /** U, upper, with H⁻¹ = Uᵀ · U, of the columns in {@link order}; the lower triangle is of no matter. */
  readonly upper: SquareMatrix;
  readonly columns: number;
  /** Column at each place. */
  readonly order: Int32Array;
  /** Columns whose inputs are always 0: their weights do not matter and become 0. */
  readonly dead: readonly number[];
  /** Part of the mean diagonal that was added in the end: more than asked for where H was not positive definite. */
  readonly damping: number;
}

/** How much more damping is tried when it was too little: GPTQModel's `damp_auto_increment`. */
const dampingStep = 0.01;

/** Bytes of memory that a factor takes, those that are only needed while it is made included. */
export function inverseFactorBytes(columns: number): number {
  const size = paddedSize(columns);
  return 4 * size * (size + 3 * factorBlock) + productScratchBytes;
}

/**
 * Factors the inverse of a Hessian without inverting it. With J, which reverses rows or columns: if J·H·J = L·Lᵀ, then
 * U = J·L⁻¹·J is upper and Uᵀ·U = H⁻¹, the Cholesky factor that is unique. One decomposition and the inverse of a triangle
 * take half the operations of decomposing, inverting and decomposing again, and lose fewer digits.
 *
 * @param sums of the layer's inputs
 * @throws FormatError `gptq.not-finite`, `gptq.not-positive-definite`
 */
export function factorInverse(
  kernels: MatrixKernels,
  arena: Arena,
  sums: InputSums,
  options: Pick<GptqOptions, "order" | "groupSize" | "damping">,
): InverseFactor {
  const { columns } = sums;
  const diagonal = hessianDiagonal(sums);
  const dead: number[] = [];
  for (let i = 0; i < columns; i++) {
    if (!Number.isFinite(diagonal[i])) throw notFinite(i);
    if (diagonal[i] !== 0) continue;
    dead.push(i);
    diagonal[i] = 1;
  }
  const order = columnOrder(diagonal, options);
  const mean = diagonal.reduce((sum, value) => sum + value, 0) / columns;
  const upper: SquareMatrix = { address: arena.room(paddedSize(columns) ** 2), size: paddedSize(columns) };
  const mark = arena.mark();
  const inverses = arena.room(upper.size * factorBlock);
  const scratch = arena.room(productScratchBytes, 1);
  for (let damping = options.damping; damping < 1; damping += dampingStep) {
    loadReversed(arena, upper, { sums, diagonal, order }, damping * mean);
    if (choleskyLower(kernels, arena, upper, inverses, scratch) >= 0) continue;
    invertLower(kernels, arena, upper, inverses, scratch);
    // Reversing the order of all values reverses rows and columns.
    arena.floats(upper.address, upper.size * upper.size).reverse();
    arena.release(mark);
    return { upper, columns, order, dead, damping };
  }
  throw new FormatError("gptq.not-positive-definite", "The inputs of the layer give no Hessian that can be inverted", {
    hint: "Calibrate with more or other text.",
  });
}

/** The lower triangle of J·(H + added)·J in the order of the columns; the sides beyond those of H are those of the unit matrix. */
function loadReversed(
  arena: Arena,
  { address, size }: SquareMatrix,
  { sums, diagonal, order }: { sums: InputSums; diagonal: Float32Array; order: Int32Array },
  added: number,
): void {
  const { columns, lower, stride, tokens } = sums;
  const factor = 2 / tokens;
  const target = arena.floats(address, size * size);
  for (let place = 0; place < size; place++) {
    const row = (size - 1 - place) * size;
    target.fill(0, row, row + size - place);
    if (place >= columns) {
      target[row + size - 1 - place] = 1;
      continue;
    }
    const column = order[place]!;
    for (let other = place + 1; other < columns; other++) {
      const behind = order[other]!;
      target[row + size - 1 - other] = factor * (column > behind ? lower[column * stride + behind]! : lower[behind * stride + column]!);
    }
    target[row + size - 1 - place] = diagonal[column]! + added;
  }
}

function notFinite(column: number): FormatError {
  return new FormatError("gptq.not-finite", "The layer got inputs that are not finite", {
    found: `column ${column}`,
    hint: "The model overflows on this text, or its weights are damaged: look at the statistics of the layer before.",
  });
}
