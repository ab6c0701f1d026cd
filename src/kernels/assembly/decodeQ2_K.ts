import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/**
 * Q2_K super-blocks of 256 (16 bytes of a scale and a minimum of four bits, 64 bytes of codes, binary16 d and dmin) to float32:
 * (d · scale) · code − dmin · min. `n` is a multiple of 256.
 */
export function decodeQ2_K(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 84) {
    const d = loadHalf(source + 80);
    const dmin = loadHalf(source + 82);
    for (let j: usize = 0; j < 16; j++, target += 64) {
      const pair = load<u8>(source + j);
      storeScaled(twoBits(source + 16, j), d * <f32>(pair & 15), dmin * <f32>(pair >> 4), target);
    }
  }
}

/** Codes of the sixteen values 16j …: byte 32h + l holds two bits of values 128h + l, + 32, + 64 and + 96 from its low bits up. */
export function twoBits(packed: usize, j: usize): v128 {
  return bitsOf(packed + ((j >> 3) << 5) + ((j & 1) << 4), (<i32>j) & 6, 3);
}
