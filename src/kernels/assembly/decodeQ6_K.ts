import { twoBits } from "./decodeQ2_K";
import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/**
 * Q6_K super-blocks of 256 (128 bytes of low nibbles: byte 64h + l holds values 128h + l and 128h + 64 + l; 64 bytes of the high two bits as Q2_K
 * packs its codes; 16 signed bytes of scales; binary16 d) to float32: (d · scale) · (code − 32). `n` is a multiple of 256.
 */
export function decodeQ6_K(source: usize, n: i32, target: usize): void {
  const middle = i8x16.splat(32);
  for (let end = target + ((<usize>n) << 2); target < end; source += 210) {
    const d = loadHalf(source + 208);
    for (let j: usize = 0; j < 16; j++, target += 64) {
      const low = bitsOf(source + ((j >> 3) << 6) + ((j & 3) << 4), (<i32>j) & 4, 15);
      const high = i16x8.shl(twoBits(source + 128, j), 4);
      storeScaled(i8x16.sub(v128.or(low, high), middle), d * <f32>load<i8>(source + j, 192), 0, target);
    }
  }
}
