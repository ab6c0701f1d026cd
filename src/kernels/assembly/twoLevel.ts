import { writeCodes } from "./codes";
import { weighByImportance } from "./importance";
import { codesUnderFactor } from "./scaleCodes";
import { searchByImportance, searchScaleAndMin } from "./searchScaleAndMin";
import { packSixBits } from "./sixBits";
import { MINS, MIN_CODES, SCALES, SCALE_CODES, transpose, weighByRms } from "./subBlocks";

/**
 * What Q4_K and Q5_K share: scale and minimum of eight sub-blocks of 32 values at `x`, stored as six-bit codes under two binary16
 * factors in the first 16 bytes of `target`, and the codes 0 … top of the values with those, left in `CODES`.
 *
 * @param first and
 * @param steps of the search without importance weights
 * @param weights of the 256 values, or 0
 */
export function quantizeTwoLevel(x: usize, target: usize, top: i32, first: f32, steps: i32, weights: usize, scratch: usize): void {
  transpose(x, 32, scratch);
  if (weights == 0) {
    weighByRms(scratch);
    searchScaleAndMin(scratch, 32, <f32>top, first, 0.1, steps, false);
  } else {
    weighByImportance(x, weights, 32, 1.0 / 128, scratch);
    searchByImportance(scratch, 32, <f32>top);
  }
  store<u16>(target, codesUnderFactor(SCALES, SCALE_CODES, 8, 63, weights != 0, scratch));
  store<u16>(target, codesUnderFactor(MINS, MIN_CODES, 8, 63, weights != 0, scratch), 2);
  packSixBits(scratch + SCALE_CODES, scratch + MIN_CODES, target + 4);
  writeCodes(x, 32, 0, top, scratch);
}
