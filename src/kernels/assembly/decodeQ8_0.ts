import { loadHalf, storeScaled } from "./storeScaled";

/** Q8_0 blocks (binary16 d, 32 int8) to float32: code · d. `n` is a multiple of 32. */
export function decodeQ8_0(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 34, target += 128) {
    const d = loadHalf(source);
    storeScaled(v128.load(source, 2), d, 0, target);
    storeScaled(v128.load(source, 18), d, 0, target + 64);
  }
}
