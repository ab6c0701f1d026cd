import { fifthBits } from "./fifthBits";
import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/** Q5_1 blocks (binary16 d and m, fifth bits of 32 codes, nibbles as Q4_0) to float32: code · d + m. `n` is a multiple of 32. */
export function decodeQ5_1(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 24, target += 128) {
    const d = loadHalf(source);
    const min = -loadHalf(source + 2);
    storeScaled(v128.or(bitsOf(source + 8, 0, 15), fifthBits(source + 4)), d, min, target);
    storeScaled(v128.or(bitsOf(source + 8, 4, 15), fifthBits(source + 6)), d, min, target + 64);
  }
}
