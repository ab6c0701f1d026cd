import { sixBitMin, sixBitScale } from "./sixBits";
import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/** Q5_K super-blocks of 256 (as Q4_K, with 32 bytes of fifth bits before the nibbles: value 32j + l at bit j of byte l) to float32. */
export function decodeQ5_K(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 176) {
    const d = loadHalf(source);
    const dmin = loadHalf(source + 2);
    for (let j: usize = 0; j < 8; j++) {
      const scale: f32 = d * <f32>sixBitScale(source + 4, j);
      const min: f32 = dmin * <f32>sixBitMin(source + 4, j);
      const nibbles = source + 48 + ((j >> 1) << 5);
      for (let l: usize = 0; l < 32; l += 16, target += 64) {
        const fifth = i16x8.shl(bitsOf(source + 16 + l, <i32>j, 1), 4);
        storeScaled(v128.or(bitsOf(nibbles + l, ((<i32>j) & 1) << 2, 15), fifth), scale, min, target);
      }
    }
  }
}
