import { writeCodes } from "./codes";
import { f16ToF32 } from "./half";
import { weighByImportance } from "./importance";
import { codesUnderFactor } from "./scaleCodes";
import { searchByImportance, searchScaleAndMin } from "./searchScaleAndMin";
import { packSixBits, sixBitMin, sixBitScale } from "./sixBits";
import { MINS, MIN_CODES, SCALES, SCALE_CODES, transpose, weighByRms } from "./subBlocks";

/**
 * What Q4_K and Q5_K share: scale and minimum of eight sub-blocks of 32 values at `x`, stored as six-bit codes under
 * two binary16 factors in the first 16 bytes of `target`, and the codes 0 … top of the values with those, left in
 * `CODES`.
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
  if (weights != 0 && top == 31) limitSixBits(scratch);
  packSixBits(scratch + SCALE_CODES, scratch + MIN_CODES, target + 4);
  if (weights != 0) readBack(target, scratch);
  writeCodes(x, 32, 0, top, scratch);
}

/** With weights, a scale can come out negative and its code wrap in its byte: ggml cuts such codes to 63 in Q5_K, but not in Q4_K. */
function limitSixBits(scratch: usize): void {
  for (let j: usize = 0; j < 8; j++) {
    const code = scratch + j;
    store<u8>(code, min<u8>(63, load<u8>(code, SCALE_CODES)), SCALE_CODES);
    store<u8>(code, min<u8>(63, load<u8>(code, MIN_CODES)), MIN_CODES);
  }
}

/** Scales and mins as a reader finds them, also where codes of more than six bits have run into each other. */
function readBack(target: usize, scratch: usize): void {
  const scale = f16ToF32(load<u16>(target));
  const minimum = f16ToF32(load<u16>(target, 2));
  for (let j: usize = 0; j < 8; j++) {
    const at = scratch + (j << 2);
    store<f32>(at, scale * <f32>sixBitScale(target + 4, j), SCALES);
    store<f32>(at, minimum * <f32>sixBitMin(target + 4, j), MINS);
  }
}
