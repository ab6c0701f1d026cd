import { weightsAt } from "./importance";
import { packNibbles, packOneBit } from "./packBits";
import { CODES } from "./subBlocks";
import { quantizeTwoLevel } from "./twoLevel";

/**
 * `n` float32 (a multiple of 256) to ggml's Q5_K super-blocks: as Q4_K with 32 levels. Bytes equal ggml's `quantize_q5_K` for finite values.
 */
export function quantizeQ5_K(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  const start = x;
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 176) {
    quantizeTwoLevel(x, target, 31, -0.5, 15, weightsAt(importance, columns, x - start), scratch);
    packNibbles(scratch + CODES, 32, target + 48);
    packOneBit(scratch + CODES, 4, target + 16);
  }
}
