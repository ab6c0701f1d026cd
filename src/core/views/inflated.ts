import type { InflatedRef } from "../fileRef";
import { checkRange, type ByteSource, type OpenSource } from "./byteSource";
import { InflateWindow } from "./inflateWindow";

/** Compressed bytes that are read at a time. */
const blockBytes = 16_384;

/**
 * Unpacks a deflated zip entry as it is read. A deflate stream has no index: reading forwards unpacks what lies between,
 * reading backwards begins again at the start, except within the block that was unpacked last.
 */
export function openInflated({ source, offset, compressedBytes, size }: InflatedRef, open: OpenSource): ByteSource {
  const inner = open(source);
  const block = new Uint8Array(Math.min(blockBytes, compressedBytes));
  let window = new InflateWindow();
  let consumed = 0;

  const advance = (): void => {
    if (consumed === compressedBytes) throw window.tooShort(size);
    const next = block.subarray(0, Math.min(block.length, compressedBytes - consumed));
    inner.read(offset + consumed, next);
    consumed += next.length;
    window.push(next, consumed === compressedBytes);
  };

  return {
    read(start, target) {
      checkRange(size, start, target.length);
      if (start < window.start) {
        window = new InflateWindow();
        consumed = 0;
      }
      for (let done = 0; done < target.length;) {
        const at = start + done;
        if (at >= window.end) {
          advance();
          continue;
        }
        const part = window.bytes.subarray(at - window.start, at - window.start + target.length - done);
        target.set(part, done);
        done += part.length;
      }
    },
    close: () => inner.close(),
  };
}
