import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/** Q4_1 blocks (binary16 d and m, nibbles as Q4_0) to float32: code · d + m. `n` is a multiple of 32. */
export function decodeQ4_1(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 20, target += 128) {
    const d = loadHalf(source);
    const min = -loadHalf(source + 2);
    storeScaled(bitsOf(source + 4, 0, 15), d, min, target);
    storeScaled(bitsOf(source + 4, 4, 15), d, min, target + 64);
  }
}
