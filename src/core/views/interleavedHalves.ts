import type { InterleavedHalvesRef } from "../fileRef";
import type { ByteSource, OpenSource } from "./byteSource";

/**
 * Reads the rows of a query or key matrix with the two halves of each head interleaved: row `2i + p` of a head is its row
 * `p · half + i`. Hugging Face rotates the halves of a head against each other, llama.cpp neighbouring rows.
 * With `apart` it undoes that. Source: llama.cpp `conversion/llama.py` (permute).
 */
export function openInterleavedHalves({ source, offset, rowBytes, headRows, apart }: InterleavedHalvesRef, open: OpenSource): ByteSource {
  const inner = open(source);
  const half = headRows / 2;
  const storedRow = (row: number): number => {
    const within = row % headRows;
    const stored = apart ? (within % half) * 2 + Math.floor(within / half) : (within % 2) * half + Math.floor(within / 2);
    return row - within + stored;
  };
  return {
    read(start, target) {
      for (let done = 0; done < target.byteLength;) {
        const at = start + done;
        const inRow = at % rowBytes;
        const count = Math.min(rowBytes - inRow, target.byteLength - done);
        const row = storedRow((at - inRow) / rowBytes);
        inner.read(offset + row * rowBytes + inRow, target.subarray(done, done + count));
        done += count;
      }
    },
    close: () => inner.close(),
  };
}
