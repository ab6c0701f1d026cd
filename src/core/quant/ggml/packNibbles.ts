/** Writes 32 four-bit codes into 16 bytes: byte j holds code j in its low and code j + 16 in its high nibble. */
export function packNibbles(codes: Uint8Array, at: number, target: Uint8Array, offset: number): void {
  for (let j = 0; j < 16; j++) target[offset + j] = codes[at + j]! | (codes[at + j + 16]! << 4);
}
