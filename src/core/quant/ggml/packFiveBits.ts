/**
 * Writes the 32 five-bit codes of Q5_0 and Q5_1: four bytes of fifth bits (value i at bit i), then 16 bytes of low
 * nibbles (byte j holds value j in its low and value j + 16 in its high nibble).
 */
export function packFiveBits(codes: Uint8Array, target: Uint8Array, offset: number): void {
  let high = 0;
  for (let j = 0; j < 16; j++) {
    const first = codes[j]!;
    const second = codes[j + 16]!;
    target[offset + 4 + j] = (first & 15) | ((second & 15) << 4);
    high |= (((first >> 4) & 1) << j) | (((second >> 4) & 1) << (j + 16));
  }
  for (let k = 0; k < 4; k++) target[offset + k] = high >>> (8 * k);
}
