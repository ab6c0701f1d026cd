/**
 * Typed views of bytes at any offset: files promise no alignment, typed arrays demand it. Multi-byte values are
 * little-endian in every format we read and on every platform VS Code runs on.
 */
type ViewConstructor<T> = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
};

/** `bytes` seen as elements of another type: a view where the offset is aligned, a copy where it is not. */
export function viewAs<T>(type: ViewConstructor<T>, bytes: Uint8Array): T {
  const size = type.BYTES_PER_ELEMENT;
  const length = Math.floor(bytes.byteLength / size);
  if (bytes.byteOffset % size === 0) return new type(bytes.buffer, bytes.byteOffset, length);
  // Not slice(): subclasses such as Node's Buffer return a view from it, at an offset of its own.
  const copy = new Uint8Array(length * size);
  copy.set(bytes.subarray(0, copy.length));
  return new type(copy.buffer, 0, length);
}
