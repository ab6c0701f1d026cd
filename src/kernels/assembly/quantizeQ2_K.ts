import { roundUnderFactor, writeCodes } from "./codes";
import { packTwoBits } from "./packBits";
import { searchScaleAndMin } from "./searchScaleAndMin";
import { CODES, MINS, MIN_CODES, SCALES, SCALE_CODES, transpose, weighByMagnitude } from "./subBlocks";

/**
 * `n` float32 (a multiple of 256) to ggml's Q2_K super-blocks: sixteen sub-blocks of 16 with four-bit scales and mins under two binary16
 * factors, found by a search for the least absolute error. Bytes equal ggml's `quantize_row_q2_K_ref` for finite values.
 */
export function quantizeQ2_K(x: usize, n: i32, target: usize, scratch: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 84) {
    transpose(x, 16, scratch);
    weighByMagnitude(scratch);
    for (let group: usize = 0; group < 4; group++)
      searchScaleAndMin(scratch + (group << 8), 16, 3, -0.5, 0.1, 15, true, scratch + (group << 4));
    store<u16>(target, roundUnderFactor(scratch + SCALES, 16, 15, scratch + SCALE_CODES), 80);
    store<u16>(target, roundUnderFactor(scratch + MINS, 16, 15, scratch + MIN_CODES), 82);
    v128.store(target, v128.or(v128.load(scratch, SCALE_CODES), i16x8.shl(v128.load(scratch, MIN_CODES), 4)));
    writeCodes(x, 16, 0, 3, scratch);
    packTwoBits(scratch + CODES, 0, target + 16);
  }
}
