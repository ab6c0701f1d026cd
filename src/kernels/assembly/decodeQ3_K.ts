import { twoBits } from "./decodeQ2_K";
import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/**
 * Q3_K super-blocks of 256 (32 bytes of third bits: value 32j + l at bit j of byte l; 64 bytes of the low two; 12 bytes of six-bit scales;
 * binary16 d) to float32: (d · (scale − 32)) · (code − 4). `n` is a multiple of 256.
 */
export function decodeQ3_K(source: usize, n: i32, target: usize): void {
  const four = i8x16.splat(4);
  for (let end = target + ((<usize>n) << 2); target < end; source += 110) {
    const d = loadHalf(source + 108);
    for (let j: usize = 0; j < 16; j++, target += 64) {
      const third = i16x8.shl(bitsOf(source + ((j & 1) << 4), (<i32>j) >> 1, 1), 2);
      const codes = i8x16.sub(v128.or(twoBits(source + 32, j), third), four);
      storeScaled(codes, d * <f32>(sixBitScale(source + 96, j) - 32), 0, target);
    }
  }
}

/** Scale j of sixteen: its low four bits in a nibble of the first eight bytes, its high two in a field of the last four. */
function sixBitScale(packed: usize, j: usize): i32 {
  const low = (load<u8>(packed + (j & 7)) >> ((<u8>(j >> 3)) << 2)) & 15;
  const high = (load<u8>(packed + (j & 3), 8) >> ((<u8>(j >> 2)) << 1)) & 3;
  return low | (high << 4);
}
