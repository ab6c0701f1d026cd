/** One tensor of a checkpoint: what it is called, how it is stored, and where. Never holds values. */
export interface TensorInfo {
  readonly name: string;
  /** Identifier of a `DType`, or the file's own spelling of a type we do not know. */
  readonly dtype: string;
  /** Row-major, outermost dimension first (PyTorch order), for every format. `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Index into `Checkpoint.files`. */
  readonly file: number;
  /** Byte offset of the first byte from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
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
