import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/** Q4_0 blocks (binary16 d, 16 bytes: code j low, code j + 16 high) to float32: (code − 8) · d. `n` is a multiple of 32. */
export function decodeQ4_0(source: usize, n: i32, target: usize): void {
  const eight = i8x16.splat(8);
  for (let end = target + ((<usize>n) << 2); target < end; source += 18, target += 128) {
    const d = loadHalf(source);
    storeScaled(i8x16.sub(bitsOf(source + 2, 0, 15), eight), d, 0, target);
    storeScaled(i8x16.sub(bitsOf(source + 2, 4, 15), eight), d, 0, target + 64);
  }
}
