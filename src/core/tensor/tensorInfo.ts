import type { FileRef } from "../fileRef";

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
  /** Bytes of the files that this tensor takes: of a packed weight all its parts, of a compressed array what is stored. */
  readonly bytes: number;
  /** Where its values are read, when that is not `dtype`, row-major, from `offset` on. */
  readonly source?: ValueSource;
  /** What it is made of, when it is a packed weight shown as what it means. */
  readonly packed?: PackedWeight;
  /** The byte ranges it takes, when they are not the one that `file`, `offset` and `bytes` name. */
  readonly extents?: readonly Extent[];
}

/** Bytes from which the values of a tensor come, row-major, when the stored ones are in another order or form. */
export interface ValueSource {
  /** Identifier of a `DType`: of the stored one's values, or F32 where they are computed from several parts. */
  readonly dtype: string;
  readonly ref: FileRef;
  /** Byte offset of the first value in what `ref` stands for. */
  readonly offset: number;
}

/** How a packed weight stores its values, in the terms users know. */
export interface PackedWeight {
  /** The library's name: `GPTQ`, `AWQ`, `bitsandbytes NF4` … */
  readonly method: string;
  /** Of a code. */
  readonly bits: number;
  /** Values that share a scale; 0 where a whole row or tensor does. */
  readonly groupSize: number;
  /** Facts in a few words each: `zero-points: v1`, `order: g_idx`, `double quantization`. */
  readonly notes: readonly string[];
  /** The stored tensors it is made of. */
  readonly parts: readonly TensorInfo[];
}

/** A byte range of a file of a checkpoint. */
export interface Extent {
  /** Index into `Checkpoint.files`. */
  readonly file: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Identifier of the type in which the values of a tensor are read. */
export function valueDType({ dtype, source }: TensorInfo): string {
  return source?.dtype ?? dtype;
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
