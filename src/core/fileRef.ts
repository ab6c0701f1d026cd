import type { PackedLayout } from "./packed/layout";

/** How another thread opens the same bytes: a file, shared memory, or bytes made of other bytes as they are read. */
export type FileRef = PathRef | MemoryRef | ViewRef;

export interface PathRef {
  kind: "path";
  path: string;
}

/** Bytes of a file that is on no local disk. */
export interface MemoryRef {
  kind: "memory";
  name: string;
  bytes: SharedArrayBuffer;
}

/** Bytes that no file holds in this order, made from those of another source by range. Its opener is listed in `views/registry.ts`. */
export type ViewRef =
  SwappedRef | PackedRef | InterleavedHalvesRef | ShiftedRef | InflatedRef | StridedRef | AffineRef | DividedRef | UnpackedRef | Hdf5Ref;

/** Big-endian elements as little-endian ones. */
export interface SwappedRef {
  kind: "swapped";
  source: FileRef;
  /** Byte of the source at which the first element begins: offset 0 of the view. */
  offset: number;
  /** Bytes of an element: 2, 4 or 8. */
  itemBytes: number;
  /** Bytes of the view. */
  size: number;
}

/** A packed weight as the float32 values it stands for, row-major. Its parts are tensors of the checkpoint. */
export interface PackedRef {
  kind: "packed";
  layout: PackedLayout;
  parts: readonly PartRef[];
}

/** Where one part of a packed weight lies: a row-major matrix of a plain type. */
export interface PartRef {
  source: FileRef;
  /** Byte offset in `source`. */
  offset: number;
  /** Identifier of a `DType`. */
  dtype: string;
  rows: number;
  columns: number;
}

/** Rows of a query or key matrix with the halves of each head interleaved, as llama.cpp rotates them; or apart again. */
export interface InterleavedHalvesRef {
  kind: "interleavedHalves";
  source: FileRef;
  /** Byte of the source at which the first row begins. */
  offset: number;
  rowBytes: number;
  /** Rows of a head; even. */
  headRows: number;
  /** The way back: the source has them interleaved, the view apart. */
  apart?: boolean;
}

/** Values as float32 with a number added to each. */
export interface ShiftedRef {
  kind: "shifted";
  source: FileRef;
  /** Byte of the source at which the first value begins. */
  offset: number;
  /** Of the stored values: a plain type. */
  dtype: string;
  shift: number;
}

/** The bytes of a deflated zip entry, unpacked. */
export interface InflatedRef {
  kind: "inflated";
  source: FileRef;
  /** Byte of the source at which the raw deflate stream (RFC 1951) begins. */
  offset: number;
  /** Bytes of the stream. */
  compressedBytes: number;
  /** Bytes of the view. */
  size: number;
  /** CRC-32 of the view, with which it is compared when all of it is unpacked. Absent where those who load such a file do not look at it. */
  crc?: number;
}

/** Elements in row-major order that lie in another order in the source: transposed, sliced or repeated ones. */
export interface StridedRef {
  kind: "strided";
  source: FileRef;
  /** Byte of the source at which the element with index 0 in every dimension begins. */
  offset: number;
  /** Bytes of an element. */
  itemBytes: number;
  /** Dimensions, the outermost first; all at least 1. */
  shape: readonly number[];
  /** For each dimension, elements of the source from one index to the next; from 0, which repeats an element. */
  strides: readonly number[];
}

/** The float32 values `scale · (q − zero)` of quantized integers. */
export interface AffineRef {
  kind: "affine";
  /** Whether scales go along a dimension: PyTorch then takes them in float64, else in float32. */
  perChannel: boolean;
  source: FileRef;
  /** Byte of the source at which the first integer is. */
  offset: number;
  /** What the integers are. */
  codes: "I8" | "U8" | "I32";
  /** One scale and zero point, or one for each index of a dimension. */
  scales: readonly number[];
  zeros: readonly number[];
  /** Integers from one index of that dimension to the next. */
  inner: number;
}

/** Float32 values divided by numbers: one for all, or one for each row. */
export interface DividedRef {
  kind: "divided";
  source: FileRef;
  /** Byte of the source at which the first value begins. */
  offset: number;
  divisors: readonly number[];
  /** Values of a row. */
  columns: number;
}

/** Elements of less than a byte as a byte each. The first element of a byte is in its lowest bits. */
export interface UnpackedRef {
  kind: "unpacked";
  source: FileRef;
  /** Byte of the source at which the first element is. */
  offset: number;
  /** Bits of an element. */
  bits: 2 | 4;
  /** The byte that each code becomes. */
  codes: readonly number[];
  /** Elements: bytes of the view. */
  size: number;
}

/** An HDF5 file inside of other bytes: the whole of them, or a member of an archive. */
export interface Hdf5Place {
  readonly source: FileRef;
  /** Byte of the source at which it begins. */
  readonly offset: number;
  readonly bytes: number;
}

/** The elements of a dataset of an HDF5 file, row-major and little-endian, however they are stored there. */
export interface Hdf5Ref extends Hdf5Place {
  kind: "hdf5";
  /** Its path in the file, from the root. */
  readonly dataset: string;
  readonly shape: readonly number[];
  /** Bytes of an element. */
  readonly itemBytes: number;
  /** Dimensions of the chunks that it is stored and compressed in; null for one that is stored whole. */
  readonly chunks: readonly number[] | null;
}

/** Whether reading a reference takes the library that reads HDF5 files, which is loaded only then. */
export function needsHdf5(ref: FileRef): boolean {
  return hdf5RefOf(ref) !== undefined;
}

/** The first dataset of an HDF5 file that a reference is made of, if it is made of one. */
export function hdf5RefOf(ref: FileRef): Hdf5Ref | undefined {
  if (ref.kind === "hdf5") return ref;
  if (ref.kind === "packed") return ref.parts.map(({ source }) => hdf5RefOf(source)).find((found) => found !== undefined);
  return ref.kind === "path" || ref.kind === "memory" ? undefined : hdf5RefOf(ref.source);
}

/** Name of the file that a reference leads to, as messages have it; undefined for one that is made of several. */
export function fileNameOf(ref: FileRef): string | undefined {
  if (ref.kind === "path") return ref.path.replace(/^.*[/\\]/, "");
  if (ref.kind === "memory") return ref.name;
  return "source" in ref ? fileNameOf(ref.source) : undefined;
}
