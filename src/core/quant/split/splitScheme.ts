/** A tensor of a matrix stored in several: how its name goes on after the weight's, its type and its shape. */
export interface SplitPart {
  readonly suffix: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A part that does not depend on the values. */
export interface ConstantPart extends SplitPart {
  readonly bytes: Uint8Array;
}

/** The matrix to be stored, and the type of its weights: arithmetic is done in it where the original does so. */
export interface SplitMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly dtype: string;
}

/**
 * A way to store a matrix in several tensors, codes and scales, as checkpoints for PyTorch do; both are made in one pass over
 * the values.
 */
export interface SplitScheme {
  /** Name on the command line. */
  readonly id: string;
  /** Whether a matrix of that form can be stored so. */
  applies(matrix: SplitMatrix): boolean;
  codes(matrix: SplitMatrix): SplitPart;
  scales(matrix: SplitMatrix): SplitPart;
  /** Tensors that say how the others are to be read. */
  constants(matrix: SplitMatrix): ConstantPart[];
  /** Values that share a scale, row after row: where the matrix may be cut. */
  unit(columns: number): number;
  /** Bytes of the codes of so many values. */
  codeBytes(values: number): number;
  /**
   * Quantizes whole units.
   *
   * @param dtype of the weights
   * @param scales one for each unit, of the type of the scales' part
   */
  quantize(source: Float32Array, columns: number, dtype: string, codes: Uint8Array, scales: Uint8Array): void;
}
