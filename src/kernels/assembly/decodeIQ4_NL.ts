import { levels } from "./iq4Levels";
import { bitsOf, loadHalf, storeScaled } from "./storeScaled";

/** IQ4_NL blocks (binary16 d, nibbles as Q4_0) to float32: d · level. `n` is a multiple of 32. */
export function decodeIQ4_NL(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 18, target += 128) storeLevels(source + 2, loadHalf(source), target);
}

/** 32 levels of the codes in 16 bytes: code j low, code j + 16 high. */
export function storeLevels(nibbles: usize, scale: f32, target: usize): void {
  storeScaled(i8x16.swizzle(levels(), bitsOf(nibbles, 0, 15)), scale, 0, target);
  storeScaled(i8x16.swizzle(levels(), bitsOf(nibbles, 4, 15)), scale, 0, target + 64);
}
