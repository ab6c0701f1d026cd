/** A product of two matrices, row-major; see {@link Arithmetic.multiply}. */
export interface MatrixProduct {
  /** Rows of the result. */
  readonly rows: number;
  readonly columns: number;
  /** Terms of each sum. */
  readonly depth: number;
  /** `rows` × `depth`, in memory of the arithmetic. */
  readonly left: Float32Array;
  /** Values from one row to the next; `depth` when absent. */
  readonly leftStride?: number;
  /** `depth` × `columns`; with `transposed` `columns` × `depth`, then in any memory. */
  readonly right: Float32Array;
  readonly rightStride?: number;
  readonly transposed: boolean;
  /** `rows` × `columns`, in memory of the arithmetic. */
  readonly result: Float32Array;
  readonly resultStride?: number;
}

/** Scores of queries (rows) against keys (columns): see {@link Arithmetic.attentionWeights}. */
export interface AttentionScores {
  /** `rows` × `stride` values. */
  readonly scores: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Values from one row to the next: a multiple of 4. */
  readonly stride: number;
  /** Keys before the first query's own. */
  readonly first: number;
  /** Keys that a query sees at most, its own included; 0 for all. */
  readonly window: number;
  readonly scale: number;
  /** 0 for none. */
  readonly cap: number;
}

/** Sums of exponentials of many rows, see {@link Arithmetic.addExponentials}. */
export interface ExponentialSums {
  /** Largest value of each row so far; −Infinity at first. */
  readonly maxima: Float32Array;
  /** Σ e^(value − largest). */
  readonly sums: Float64Array;
}

/**
 * The dense arithmetic of a forward pass, in float32. The kernels are one, plain code is the other that tests compare them with.
 * Results of a row do not depend on the rows beside it.
 */
export interface Arithmetic {
  /** Takes away all memory that was given before, and makes sure that there are `values` to give. */
  begin(values: number): void;
  /** Memory for `length` values, contents of no matter, 16-byte aligned. */
  floats(length: number): Float32Array;
  doubles(length: number): Float64Array;
  /** result = left · right. */
  multiply(product: MatrixProduct): void;
  /**
   * Scores to the weights of causal attention, in place. Row r sees the keys before `first` + r + 1, of them the last `window`; the others
   * get 0. Scores are multiplied with `scale`, and bent to cap · tanh(score / cap).
   */
  attentionWeights(scores: AttentionScores): void;
  /** Rows of `columns` gate values and as many up values to rows of activation(gate) · up, at the start of the same memory. */
  gate(values: Float32Array, rows: number, columns: number, activation: "silu" | "gelu"): void;
  /** cap · tanh(value / cap), in place. */
  softCap(values: Float32Array, cap: number): void;
  /** Goes on with the sums of exponentials of `rows` rows of `columns` values. */
  addExponentials(values: Float32Array, rows: number, columns: number, sums: ExponentialSums): void;
}
