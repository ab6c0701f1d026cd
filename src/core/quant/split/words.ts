/** Bytes as 32-bit words. @param bytes begin at a multiple of 4 of their memory */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
