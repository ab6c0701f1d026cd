/** Writes the low 2 bits of 256 codes into 64 bytes: byte 32h + l holds values 128h + l, +32, +64, +96 from its low bits up. */
export function packTwoBits(codes: Uint8Array, target: Uint8Array, offset: number): void {
  for (let half = 0; half < 2; half++) {
    for (let l = 0; l < 32; l++) {
      const from = 128 * half + l;
      target[offset + 32 * half + l] =
        (codes[from]! & 3) | ((codes[from + 32]! & 3) << 2) | ((codes[from + 64]! & 3) << 4) | ((codes[from + 96]! & 3) << 6);
    }
  }
}
