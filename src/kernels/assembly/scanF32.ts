import { addCounts } from "./lanes";
import { momentsAndPatterns } from "./moments";
import { PATTERNS, SECOND_TABLE_FROM } from "./patternCounts";

/**
 * `moments` and `patternCounts32` of `n` float32 at `x` in one pass: all that a scan needs to know before it can choose
 * the range of a histogram. `scratch` is u32[65536].
 */
export function scanF32(x: usize, n: i32, pivot: f64, out: usize, counts: usize, scratch: usize): void {
  const second = n < SECOND_TABLE_FROM ? counts : scratch;
  if (second != counts) memory.fill(second, 0, PATTERNS << 2);
  momentsAndPatterns(x, n, pivot, out, counts, second);
  if (second != counts) addCounts(counts, second, PATTERNS);
}
