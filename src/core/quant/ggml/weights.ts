/** Where a block stands in the importance matrix, and what it has to know of its row. */
export interface BlockImportance {
  /** Weights of the columns of a row. */
  readonly weights: Float32Array;
  /** Column of the block's first value. */
  column: number;
  /** Mean of the squares of the values of the whole row, float32. */
  rowMeanSquare: number;
}

/** The `count` values of a sub-block from `x[at]`, and their weights from `weights[weightsAt]`. */
export interface WeightedValues {
  readonly x: Float32Array;
  readonly at: number;
  readonly count: number;
  readonly weights: Float32Array;
  readonly weightsAt: number;
}

/** Sum of the squares of `count` values, in order, in float32. */
export function sumOfSquares(x: Float32Array, at: number, count: number): number {
  let sum = 0;
  for (let i = at; i < at + count; i++) sum = Math.fround(sum + Math.fround(x[i]! * x[i]!));
  return sum;
}

/** Mean of the squares of `count` values, in float32. */
export function meanSquare(x: Float32Array, at: number, count: number): number {
  return Math.fround(sumOfSquares(x, at, count) / Math.fround(count));
}

/** Twice the mean square of the 256 values of a super-block, doubled before it is divided as in ggml. */
export function doubledMeanSquare(x: Float32Array, at: number): number {
  return Math.fround(Math.fround(2 * sumOfSquares(x, at, 256)) / 256);
}

/**
 * ggml's weights of `count` values of a block, from its value `from`: importance · √(spread + x²). They are written from
 * `weights[0]`; the importance keeps a column from being ignored where its weights happen to be small.
 *
 * @param spread a mean square of the values around: the row's, or the block's or twice that
 * @returns the sum of the weights
 */
export function weighByImportance(
  source: Float32Array,
  at: number,
  from: number,
  count: number,
  { weights: importance, column }: BlockImportance,
  spread: number,
  weights: Float32Array,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = source[at + from + i]!;
    const root = Math.fround(Math.sqrt(Math.fround(spread + Math.fround(value * value))));
    weights[i] = importance[column + from + i]! * root;
    sum = Math.fround(sum + weights[i]!);
  }
  return sum;
}

/** Weights without an importance matrix, in most types: the squares of the values. */
export function weighBySquares(source: Float32Array, at: number, count: number, weights: Float32Array): void {
  for (let i = 0; i < count; i++) weights[i] = source[at + i]! * source[at + i]!;
}
