import { storeNibbles } from "./blocksOf32";
import { f32ToF16 } from "./half";
import { weighByImportance, weightsAt } from "./importance";
import { nearestCodes } from "./iq4Levels";
import { nearestInt } from "./lanes";
import { searchLevels } from "./searchLevels";
import { extreme, SCALES, transpose, weighBySquare } from "./subBlocks";

/**
 * `n` float32 (a multiple of 256) to ggml's IQ4_XS super-blocks: as IQ4_NL in sub-blocks of 32 with six-bit scales. Codes are chosen under the
 * factor before it is rounded to binary16. Bytes equal ggml's `quantize_iq4_xs` for finite values.
 */
export function quantizeIQ4_XS(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  const start = x;
  for (let end = x + ((<usize>n) << 2); x < end; target += 136) {
    transpose(x, 32, scratch);
    const weights = weightsAt(importance, columns, x - start);
    if (weights == 0) weighBySquare(scratch);
    else weighByImportance(x, weights, 32, 1.0 / 128, scratch);
    searchLevels(scratch, scratch);
    searchLevels(scratch + 512, scratch + 16);
    const d = -extreme(scratch + SCALES, 8) / 32;
    const inverse: f32 = d != 0 ? <f32>1 / d : 0;
    let low: u32 = 0;
    let high: u32 = 0;
    for (let j: u32 = 0; j < 8; j++, x += 128) {
      const scale = max(-32, min(31, nearestInt(inverse * load<f32>(scratch + ((<usize>j) << 2), SCALES))));
      const step: f32 = d * <f32>scale;
      const inverseStep = f32x4.splat(step != 0 ? <f32>1 / step : 0);
      storeNibbles(nearestCodes(x, inverseStep), nearestCodes(x + 64, inverseStep), target + 8 + ((<usize>j) << 4));
      low |= ((scale + 32) & 15) << (j << 2);
      high |= ((scale + 32) >> 4) << (j << 1);
    }
    store<u16>(target, f32ToF16(d));
    store<u16>(target, high, 2);
    store<u32>(target, low, 4);
  }
}
