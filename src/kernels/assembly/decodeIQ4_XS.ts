import { storeLevels } from "./decodeIQ4_NL";
import { loadHalf } from "./storeScaled";

/**
 * IQ4_XS super-blocks of 256 (binary16 d, two bytes of the high two and four bytes of the low four bits of eight scales, nibbles of each 32 values as
 * Q4_0) to float32: (d · (scale − 32)) · level. `n` is a multiple of 256.
 */
export function decodeIQ4_XS(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 136) {
    const d = loadHalf(source);
    const high: u32 = load<u16>(source, 2);
    const low = load<u32>(source, 4);
    for (let j: u32 = 0; j < 8; j++, target += 128) {
      const scale = ((low >> (j << 2)) & 15) | (((high >> (j << 1)) & 3) << 4);
      storeLevels(source + 8 + ((<usize>j) << 4), d * <f32>(<i32>scale - 32), target);
    }
  }
}
