import type { SwappedRef } from "../fileRef";
import type { ByteSource, OpenSource } from "./byteSource";

/** Reads elements with the order of their bytes reversed. Ranges may begin and end inside an element. */
export function openSwapped({ source, offset, itemBytes }: SwappedRef, open: OpenSource): ByteSource {
  const inner = open(source);
  const { stamp, isSequential } = inner;
  return {
    ...(stamp === undefined ? {} : { stamp: `${stamp}/swapped/${offset}/${itemBytes}` }),
    ...(isSequential === undefined ? {} : { isSequential }),
    read(start, target) {
      const first = start - (start % itemBytes);
      const end = Math.ceil((start + target.byteLength) / itemBytes) * itemBytes;
      const isWhole = first === start && end === start + target.byteLength;
      const bytes = isWhole ? target : new Uint8Array(end - first);
      inner.read(offset + first, bytes);
      for (let at = 0; at < bytes.length; at += itemBytes) bytes.subarray(at, at + itemBytes).reverse();
      if (!isWhole) target.set(bytes.subarray(start - first, start - first + target.byteLength));
    },
    close: () => inner.close(),
  };
}
