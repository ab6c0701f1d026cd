import { weightsAt } from "./importance";
import { packNibbles } from "./packBits";
import { CODES } from "./subBlocks";
import { quantizeTwoLevel } from "./twoLevel";

/**
 * `n` float32 (a multiple of 256) to ggml's Q4_K super-blocks: eight sub-blocks of 32 with six-bit scales and mins under two binary16
 * factors, found by a weighted least-squares search. Bytes equal ggml's `quantize_q4_K` for finite values.
 */
export function quantizeQ4_K(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  const start = x;
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 144) {
    quantizeTwoLevel(x, target, 15, -1, 20, weightsAt(importance, columns, x - start), scratch);
    packNibbles(scratch + CODES, 32, target + 16);
  }
}
