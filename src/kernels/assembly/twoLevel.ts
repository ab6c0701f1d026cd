import { roundUnderFactor, writeCodes } from "./codes";
import { f16ToF32, f32ToF16 } from "./half";
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
  const d = f32ToF16(roundUnderFactor(scratch + SCALES, 8, 63, scratch + SCALE_CODES));
  const dmin = f32ToF16(roundUnderFactor(scratch + MINS, 8, 63, scratch + MIN_CODES));
  store<u16>(target, d);
  store<u16>(target, dmin, 2);
  packSixBits(scratch + SCALE_CODES, scratch + MIN_CODES, target + 4);
  const scale = f16ToF32(d);
  const min = f16ToF32(dmin);
  for (let j: usize = 0; j < 8; j++, x += 128) {
    const step: f32 = scale * <f32>load<u8>(scratch + j, SCALE_CODES);
    writeCodes(x, j, 32, step, min * <f32>load<u8>(scratch + j, MIN_CODES), 0, top, scratch);
  }
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
