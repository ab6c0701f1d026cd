import { sixBitMin, sixBitScale } from "./sixBits";
import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/**
 * Q4_K super-blocks of 256 (binary16 d and dmin, 12 bytes of six-bit scales and mins, 128 bytes of codes) to float32:
 * (d · scale) · code − dmin · min. `n` is a multiple of 256.
 */
export function decodeQ4_K(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 144) {
    const d = loadHalf(source);
    const dmin = loadHalf(source + 2);
    for (let j: usize = 0; j < 8; j++, target += 128) {
      const scale: f32 = d * <f32>sixBitScale(source + 4, j);
      const min: f32 = dmin * <f32>sixBitMin(source + 4, j);
      const nibbles = source + 16 + ((j >> 1) << 5);
      const shift = ((<i32>j) & 1) << 2;
      storeScaled(bitsOf(nibbles, shift, 15), scale, min, target);
      storeScaled(bitsOf(nibbles + 16, shift, 15), scale, min, target + 64);
    }
  }
}
