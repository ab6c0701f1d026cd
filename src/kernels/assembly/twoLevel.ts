import { roundUnderFactor, writeCodes } from "./codes";
import { searchScaleAndMin } from "./searchScaleAndMin";
import { MINS, MIN_CODES, SCALES, SCALE_CODES, transpose, weighByRms } from "./subBlocks";

/**
 * What Q4_K and Q5_K share: scale and minimum of eight sub-blocks of 32 values at `x`, stored as six-bit codes under two binary16
 * factors in the first 16 bytes of `target`, and the codes 0 … top of the values with those, left in `CODES`.
 */
export function quantizeTwoLevel(x: usize, target: usize, top: i32, first: f32, steps: i32, scratch: usize): void {
  transpose(x, 32, scratch);
  weighByRms(scratch);
  searchScaleAndMin(scratch, 32, <f32>top, first, 0.1, steps, false, scratch);
  searchScaleAndMin(scratch + 512, 32, <f32>top, first, 0.1, steps, false, scratch + 16);
  store<u16>(target, roundUnderFactor(scratch + SCALES, 8, 63, scratch + SCALE_CODES));
  store<u16>(target, roundUnderFactor(scratch + MINS, 8, 63, scratch + MIN_CODES), 2);
  packSixBits(scratch + SCALE_CODES, scratch + MIN_CODES, target + 4);
  writeCodes(x, 32, 0, top, scratch);
}

/** Eight scales and mins: the first four take six bits of a byte each; the others are split in four bits and the two left over there. */
function packSixBits(scales: usize, mins: usize, packed: usize): void {
  const low: u32 = 0x0f0f0f0f;
  const lastScales = load<u32>(scales, 4);
  const lastMins = load<u32>(mins, 4);
  store<u32>(packed, load<u32>(scales) | ((lastScales & ~low) << 2));
  store<u32>(packed, load<u32>(mins) | ((lastMins & ~low) << 2), 4);
  store<u32>(packed, (lastScales & low) | ((lastMins & low) << 4), 8);
}
