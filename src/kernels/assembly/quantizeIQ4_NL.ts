import { storeNibbles } from "./blocksOf32";
import { f32ToF16 } from "./half";
import { placeWeights, sumOfSquares, weighRows, weightsAt } from "./importance";
import { nearestCodes } from "./iq4Levels";
import { searchLevels } from "./searchLevels";
import { LEVELS, SCALES, transpose, weighBySquare } from "./subBlocks";

/**
 * `n` float32 (a multiple of 32) to ggml's IQ4_NL blocks: codes of 16 unevenly spaced levels under a searched scale. Bytes equal ggml's
 * `quantize_iq4_nl` for finite values.
 */
export function quantizeIQ4_NL(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  const start = x;
  for (; n > 0; n -= 256) {
    // The last turn may read beyond the end of x; what it makes of that is not used.
    const blocks: usize = min(n, 256) >> 5;
    transpose(x, 32, scratch);
    if (importance == 0) weighBySquare(scratch);
    else weighBlocks(x, blocks, start, importance, columns, scratch);
    searchLevels(scratch, scratch);
    if (blocks > 4) searchLevels(scratch + 512, scratch + 16);
    for (let j: usize = 0; j < blocks; j++, x += 128, target += 18) {
      const scale = load<f32>(scratch + ((<usize>j) << 2), SCALES);
      const inverse = f32x4.splat(scale != 0 ? <f32>1 / scale : 0);
      store<u16>(target, f32ToF16(scale));
      storeNibbles(nearestCodes(x, inverse), nearestCodes(x + 64, inverse), target + 2);
    }
  }
}

/** Importance weights of up to eight blocks, each with twice its own mean square. */
function weighBlocks(x: usize, blocks: usize, start: usize, importance: usize, columns: i32, scratch: usize): void {
  for (let j: usize = 0; j < blocks; j++, x += 128) {
    weighRows(x, weightsAt(importance, columns, x - start), 32, sumOfSquares(x, 32) / 16, scratch + LEVELS + (j << 7));
  }
  placeWeights(32, scratch);
}
