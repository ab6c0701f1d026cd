import { fifthBits } from "./fifthBits";
import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/** Q5_0 blocks (binary16 d, fifth bits of 32 codes, nibbles as Q4_0) to float32: (code − 16) · d. `n` is a multiple of 32. */
export function decodeQ5_0(source: usize, n: i32, target: usize): void {
  const sixteen = i8x16.splat(16);
  for (let end = target + ((<usize>n) << 2); target < end; source += 22, target += 128) {
    const d = loadHalf(source);
    storeScaled(i8x16.sub(v128.or(bitsOf(source + 6, 0, 15), fifthBits(source + 2)), sixteen), d, 0, target);
    storeScaled(i8x16.sub(v128.or(bitsOf(source + 6, 4, 15), fifthBits(source + 4)), sixteen), d, 0, target + 64);
  }
}
