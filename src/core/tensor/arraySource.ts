import type { FileRef } from "../fileRef";
import { countValues, type ValueSource } from "./tensorInfo";

/** An array of plain elements somewhere in bytes: in any order of dimensions and of the bytes of its numbers. */
export interface StoredArray {
  /** Identifier of a `DType` in which its values are read. */
  readonly dtype: string;
  /** Bytes from one element to the next. */
  readonly itemBytes: number;
  readonly ref: FileRef;
  /** Byte of the element with index 0 in every dimension. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** For each dimension, elements from one index to the next. */
  readonly strides: readonly number[];
  /** Bytes of the numbers that are stored with the largest byte first; 1 where there are none. */
  readonly bigEndianBytes: number;
}

/** Strides of an array whose last index changes fastest. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let index = shape.length - 2; index >= 0; index--) strides[index] = strides[index + 1]! * shape[index + 1]!;
  return strides;
}

/** Strides of an array whose first index changes fastest, as Fortran has it. */
export function columnMajorStrides(shape: readonly number[]): number[] {
  return rowMajorStrides([...shape].reverse()).reverse();
}

/** Whether elements lie in row-major order without gaps. Strides of dimensions of 1 mean nothing. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  const plain = rowMajorStrides(shape);
  return shape.every((count, index) => count === 1 || strides[index] === plain[index]);
}

/** Elements from the first to behind the last that an array uses; 0 for an empty one. */
export function spannedElements(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return 1 + shape.reduce((sum, count, index) => sum + (count - 1) * strides[index]!, 0);
}

/** Different elements that an array uses at most: those of dimensions that do not repeat one. */
export function usedElements(shape: readonly number[], strides: readonly number[]): number {
  return Math.min(spannedElements(shape, strides), countValues(shape.filter((_, index) => strides[index] !== 0)));
}

/** Where the values of an array are read row-major and little-endian: through views where they are stored in another way. */
export function arraySource(array: StoredArray): ValueSource {
  const { dtype, itemBytes, shape, strides, bigEndianBytes } = array;
  let { ref, offset } = array;
  if (bigEndianBytes > 1) {
    ref = { kind: "swapped", source: ref, offset, itemBytes: bigEndianBytes, size: spannedElements(shape, strides) * itemBytes };
    offset = 0;
  }
  if (isRowMajor(shape, strides)) return { dtype, ref, offset };
  return { dtype, ref: { kind: "strided", source: ref, offset, itemBytes, shape, strides }, offset: 0 };
}

/**
 * The same values in the order in which they are stored, for whoever does not need another: reading across that order takes
 * many short reads, and of a compressed array all of it again for each part. Undefined where some are left out or repeated.
 */
export function inStoredOrder({ dtype, ref }: ValueSource): ValueSource | undefined {
  if (ref.kind !== "strided") return undefined;
  const { shape, strides, source, offset } = ref;
  const dimensions = shape.map((count, index) => ({ count, stride: strides[index]! })).filter(({ count }) => count !== 1);
  dimensions.sort((a, b) => b.stride - a.stride);
  const isPermuted = isRowMajor(
    dimensions.map(({ count }) => count),
    dimensions.map(({ stride }) => stride),
  );
  return isPermuted ? { dtype, ref: source, offset } : undefined;
}
