import { writeCodes } from "./codes";
import { weighByImportance, weightsAt } from "./importance";
import { packTwoBits } from "./packBits";
import { codesUnderFactor } from "./scaleCodes";
import { searchByImportance, searchScaleAndMin } from "./searchScaleAndMin";
import { CODES, MINS, MIN_CODES, SCALES, SCALE_CODES, transpose, weighByMagnitude } from "./subBlocks";

/**
 * `n` float32 (a multiple of 256) to ggml's Q2_K super-blocks: sixteen sub-blocks of 16 with four-bit scales and mins under two binary16
 * factors, found by a search for the least absolute error. Bytes equal ggml's `quantize_q2_K` for finite values.
 */
export function quantizeQ2_K(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  const start = x;
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 84) {
    transpose(x, 16, scratch);
    const weights = weightsAt(importance, columns, x - start);
    if (weights == 0) {
      weighByMagnitude(scratch);
      searchScaleAndMin(scratch, 16, 3, -0.5, 0.1, 15, true);
    } else {
      weighByImportance(x, weights, 16, 1.0 / 256, scratch);
      searchByImportance(scratch, 16, 3);
    }
    store<u16>(target, codesUnderFactor(SCALES, SCALE_CODES, 16, 15, weights != 0, scratch), 80);
    store<u16>(target, codesUnderFactor(MINS, MIN_CODES, 16, 15, weights != 0, scratch), 82);
    v128.store(target, v128.or(v128.load(scratch, SCALE_CODES), i16x8.shl(v128.load(scratch, MIN_CODES), 4)));
    writeCodes(x, 16, 0, 3, scratch);
    packTwoBits(scratch + CODES, 0, target + 16);
  }
}
