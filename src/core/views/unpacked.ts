import type { UnpackedRef } from "../fileRef";
import { checkRange, type ByteSource, type OpenSource } from "./byteSource";

/** Bytes of the source that are read at once. */
const blockBytes = 65_536;

/** Elements of two or four bits as a byte each. */
export function openUnpacked({ source, offset, bits, codes, size }: UnpackedRef, open: OpenSource): ByteSource {
  const inner = open(source);
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  const table = Uint8Array.from(codes);
  const block = new Uint8Array(Math.min(blockBytes, Math.ceil(size / perByte)));
  return {
    read(start, target) {
      checkRange(size, start, target.length);
      for (let done = 0; done < target.length;) {
        const byte = Math.floor((start + done) / perByte);
        const skipped = start + done - byte * perByte;
        const bytes = block.subarray(0, Math.ceil((skipped + target.length - done) / perByte));
        inner.read(offset + byte, bytes);
        const count = Math.min(bytes.length * perByte - skipped, target.length - done);
        for (let index = 0; index < count; index++) {
          const at = skipped + index;
          target[done + index] = table[(bytes[Math.floor(at / perByte)]! >> (bits * (at % perByte))) & mask]!;
        }
        done += count;
      }
    },
    close: () => inner.close(),
  };
}
