import type { Arena } from "../linalg/arena";
import type { MatrixKernels } from "../linalg/matrixKernels";
import { hessianValue, type InputSums } from "./hessian";
import { factorInverse } from "./inverseFactor";
import { defaultGptqOptions, type GptqBits, type GptqOptions } from "./options";
import { quantizeRows } from "./quantizeRows";

/** GPTQ of a small matrix, watched: what its figure in the lesson draws. Matrices are `rows` × `columns`, row by row. */
export interface ColumnSteps {
  readonly rows: number;
  readonly columns: number;
  readonly bits: GptqBits;
  /** As stored. */
  readonly weights: Float32Array;
  /** `columns` matrices: what GPTQ made of the weights after each column, less the weights as stored. */
  readonly changes: readonly Float32Array[];
  /** What rounding to the nearest code of the same grid makes of the weights, less the weights as stored. */
  readonly roundingChange: Float32Array;
  readonly codes: Uint8Array;
  readonly roundingCodes: Uint8Array;
  /** Relative squared error of the outputs, Σ(D·x)² / Σ(W·x)² over the inputs, with 0 columns done, 1, … and all. */
  readonly gptqErrors: readonly number[];
  readonly roundingErrors: readonly number[];
  /** Root mean square of the change of the weights, when all columns are done. */
  readonly gptqRmse: number;
  readonly roundingRmse: number;
}

/** One range for each row, which does not change on the way, and columns as they lie: so that there is little beside the compensation. */
export function stepOptions(bits: GptqBits): GptqOptions {
  return { ...defaultGptqOptions, bits, groupSize: -1, symmetric: false, order: "stored" };
}

/**
 * Runs GPTQ itself, and watches it.
 *
 * @param weights rows of as many columns as `sums` is of
 * @throws FormatError `gptq.not-finite`, `gptq.not-positive-definite`
 */
export function columnSteps(
  kernels: MatrixKernels,
  arena: Arena,
  weights: Float32Array,
  sums: InputSums,
  bits: GptqBits,
  check: () => void,
): ColumnSteps {
  const { columns } = sums;
  const options = stepOptions(bits);
  const mark = arena.mark();
  try {
    const states: Float32Array[] = [];
    const factor = factorInverse(kernels, arena, sums, options);
    const found = quantizeRows(kernels, arena, weights, factor, options, check, (_, values) => states.push(values));
    const rounded = quantizeRows(kernels, arena, weights, factorInverse(kernels, arena, withoutRelations(sums), options), options, check);
    const minus = (values: Float32Array): Float32Array => values.map((value, i) => value - weights[i]!);
    const changes = states.map(minus);
    const roundingChange = minus(rounded.values);
    const whole = outputSquares(sums, weights);
    const relative = (change: Float32Array): number => (whole > 0 ? outputSquares(sums, change) / whole : 0);
    const upTo = (done: number): Float32Array => roundingChange.map((value, i) => (i % columns < done ? value : 0));
    return {
      rows: weights.length / columns,
      columns,
      bits,
      weights,
      changes,
      roundingChange,
      codes: found.codes,
      roundingCodes: rounded.codes,
      gptqErrors: [0, ...changes.map(relative)],
      roundingErrors: Array.from({ length: columns + 1 }, (_, done) => relative(upTo(done))),
      gptqRmse: rootMeanSquare(changes[columns - 1]!),
      roundingRmse: rootMeanSquare(roundingChange),
    };
  } finally {
    arena.release(mark);
  }
}

/** Inputs of which none goes with another: nothing can be made up for, and GPTQ's loop only rounds. */
function withoutRelations(sums: InputSums): InputSums {
  return { ...sums, lower: sums.lower.map((value, i) => (i % (sums.stride + 1) === 0 ? value : 0)) };
}

/** Σ dᵀ·H·d over the rows d of a matrix. */
function outputSquares(sums: InputSums, matrix: Float32Array): number {
  const { columns } = sums;
  let sum = 0;
  for (let row = 0; row < matrix.length; row += columns) {
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b < columns; b++) sum += matrix[row + a]! * matrix[row + b]! * hessianValue(sums, a, b);
    }
  }
  return sum;
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
