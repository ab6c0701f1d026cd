import type { DividedRef } from "../fileRef";
import type { ByteSource, OpenSource } from "./byteSource";

/** Reads float32 values divided by the number of their row, in float32 as llama.cpp does. Ranges may begin and end inside a value. */
export function openDivided({ source, offset, divisors, columns }: DividedRef, open: OpenSource): ByteSource {
  const inner = open(source);
  const factors = Float32Array.from(divisors);
  return {
    read(start, target) {
      // A tensor without values may lie anywhere, also behind the end of its file.
      if (target.length === 0) return;
      const first = Math.floor(start / 4);
      const count = Math.ceil((start + target.length) / 4) - first;
      const values = new Float32Array(count);
      const bytes = new Uint8Array(values.buffer);
      inner.read(offset + 4 * first, bytes);
      for (let i = 0; i < count; i++) {
        const row = factors.length === 1 ? 0 : Math.floor((first + i) / columns);
        values[i] = values[i]! / factors[row]!;
      }
      target.set(bytes.subarray(start - 4 * first, start - 4 * first + target.length));
    },
    close: () => inner.close(),
  };
}
