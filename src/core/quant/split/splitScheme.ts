/**
 * A way to store a matrix in two tensors, codes and scales, as checkpoints for PyTorch do; both are made in one pass over
 * the rows.
 */
export interface SplitScheme {
  /** Name on the command line. */
  readonly id: string;
  /** Type of the codes' tensor. */
  readonly codes: string;
  /** Values that share a scale: where the matrix may be cut. */
  unit(columns: number): number;
  /** Type of the scales' tensor, by the type of the weights. */
  scales(dtype: string): string;
  /** Bytes of the codes of so many values. */
  codeBytes(values: number): number;
  /**
   * Quantizes whole units.
   *
   * @param dtype in which the weights are stored: arithmetic is done in it, as the original does
   * @param scales of the type `scales(dtype)`, one for each unit
   */
  quantize(source: Float32Array, columns: number, dtype: string, codes: Uint8Array, scales: Uint8Array): void;
}
