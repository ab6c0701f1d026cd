import { storeFiveBits, storeNibbles } from "./blocksOf32";
import { codesBySearch } from "./codes";
import { f32ToF16 } from "./half";
import { placeWeights, sumOfSquares, weighRows, weightsAt } from "./importance";
import { searchScale } from "./searchScale";
import { searchByImportance } from "./searchScaleAndMin";
import { LEVELS, MINS, SCALES, transpose } from "./subBlocks";

/**
 * `n` float32 (a multiple of 32, whole rows) to Q4_0, Q5_0, Q4_1 or Q5_1 blocks with importance weights: eight blocks at a time like the sub-blocks
 * of a super-block, by scale alone if `symmetric`, else by scale and minimum.
 */
export function quantizeByImportance(
  x: usize,
  n: i32,
  target: usize,
  scratch: usize,
  importance: usize,
  columns: i32,
  symmetric: bool,
  bits: i32,
): void {
  const start = x;
  const limit = symmetric ? 1 << (bits - 1) : 0;
  const top = (1 << bits) - 1;
  let spread: f32 = 0;
  for (; n > 0; n -= 256) {
    const blocks: usize = min(n, 256) >> 5;
    // The last turn may read beyond the end of x; what it makes of that is not used.
    transpose(x, 32, scratch);
    for (let j: usize = 0; j < blocks; j++) {
      const block = x + (j << 7);
      const weights = weightsAt(importance, columns, block - start);
      if (weights == importance) spread = sumOfSquares(block, columns) / <f32>columns;
      weighRows(block, weights, 32, spread, scratch + LEVELS + (j << 7));
    }
    placeWeights(32, scratch);
    if (symmetric) {
      searchScale(scratch, 32, <f32>limit, scratch);
      searchScale(scratch + 512, 32, <f32>limit, scratch + 16);
    } else searchByImportance(scratch, 32, <f32>top);
    for (let j: usize = 0; j < blocks; j++, x += 128) {
      const results = scratch + (j << 2);
      store<u16>(target, f32ToF16(load<f32>(results, SCALES)));
      if (!symmetric) store<u16>(target, f32ToF16(-load<f32>(results, MINS)), 2);
      target += symmetric ? 2 : 4;
      const first = codesBySearch(x, results, -limit, top);
      const second = codesBySearch(x + 64, results, -limit, top);
      if (bits == 4) storeNibbles(first, second, target);
      else storeFiveBits(first, second, target);
      target += bits == 4 ? 16 : 20;
    }
  }
}
