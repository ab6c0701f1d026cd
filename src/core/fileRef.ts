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
export type ViewRef = SwappedRef | InflatedRef | StridedRef | AffineRef;

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
