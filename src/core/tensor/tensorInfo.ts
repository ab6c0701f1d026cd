/** One tensor of a checkpoint: what it is called, how it is stored, and where. Never holds values. */
export interface TensorInfo {
  readonly name: string;
  /**
   * Identifier of a `DType`; or a spelling that is none, for bytes that cannot be decoded: the file's own name of a type
   * we do not know, or {@link doubtfulDType}. A type that `findDType` knows fits `shape` and `bytes` exactly.
   */
  readonly dtype: string;
  /** Row-major, outermost dimension first (PyTorch order), for every format. `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Index into `Checkpoint.files`. */
  readonly file: number;
  /** Byte offset of the first byte from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/**
 * How a stored type is spelled when the tensor's bytes do not fit it (`Q2_0?`): the tensor is listed as opaque bytes,
 * since it is not known whether the type, the shape or the range is wrong.
 */
export function doubtfulDType(id: string): string {
  return `${id}?`;
}

/** Number of values: the product of the dimensions, 1 for a scalar. */
export function countValues(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The tensor as a matrix: `columns` is the contiguous last dimension, `rows` everything before it. */
export function matrixShape(shape: readonly number[]): { rows: number; columns: number } {
  const columns = shape[shape.length - 1] ?? 1;
  return { rows: columns === 0 ? 0 : countValues(shape) / columns, columns };
}
