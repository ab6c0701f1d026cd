import type { RandomAccessFile } from "../../file";
import type { Range } from "./wire";

/** Bytes of pieces together. */
export function totalBytes(pieces: readonly Range[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The bytes of pieces, one after the other. Callers have bounded their sum, and checked that the file has them. */
export async function joinPieces(file: RandomAccessFile, pieces: readonly Range[]): Promise<Uint8Array> {
  const joined = new Uint8Array(totalBytes(pieces));
  let at = 0;
  for (const { offset, bytes } of pieces) {
    await file.read(offset, joined.subarray(at, at + bytes));
    at += bytes;
  }
  return joined;
}

/** Values in varints: how many end within the bytes. */
export function countVarints(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

/**
 * Decodes varints to little-endian numbers of `itemBytes` (at most 8) in shared memory: the lowest bytes of the 64 bits that
 * each has, as ONNX stores negative and smaller numbers.
 * @returns undefined when the last varint does not end
 */
export function decodeVarints(bytes: Uint8Array, itemBytes: number): SharedArrayBuffer | undefined {
  const shared = new SharedArrayBuffer(countVarints(bytes) * itemBytes);
  const target = new Uint8Array(shared);
  let [at, low, high, shift] = [0, 0, 0, 0];
  for (const byte of bytes) {
    const part = byte & 0x7f;
    if (shift < 32) low |= part << shift;
    if (shift >= 28 && shift < 64) high |= shift < 32 ? part >> (32 - shift) : part << (shift - 32);
    shift += 7;
    if (byte >= 0x80) continue;
    for (let index = 0; index < itemBytes; index++) target[at++] = index < 4 ? low >>> (8 * index) : high >>> (8 * (index - 4));
    low = high = shift = 0;
  }
  return shift === 0 ? shared : undefined;
}
