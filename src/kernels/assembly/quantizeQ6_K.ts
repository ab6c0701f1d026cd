import { writeCodes } from "./codes";
import { f16ToF32, f32ToF16 } from "./half";
import { nearestInt } from "./lanes";
import { packNibbles, packTwoBits } from "./packBits";
import { searchScale, ZERO_MAGNITUDE } from "./searchScale";
import { CODES, extreme, SCALES, transpose, weighBySquare } from "./subBlocks";

/**
 * `n` float32 (a multiple of 256) to ggml's Q6_K super-blocks: sixteen sub-blocks of 16 with signed eight-bit scales under one
 * binary16 factor. Bytes equal ggml's `quantize_row_q6_K_ref` for finite values.
 */
export function quantizeQ6_K(x: usize, n: i32, target: usize, scratch: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 210) {
    transpose(x, 16, scratch);
    weighBySquare(scratch);
    for (let group: usize = 0; group < 4; group++) searchScale(scratch + (group << 8), 16, 32, scratch + (group << 4));
    const largest = extreme(scratch + SCALES, 16);
    if (abs(largest) < ZERO_MAGNITUDE) {
      memory.fill(target, 0, 210);
      continue;
    }
    quantizeWithScales(x, target, scratch, <f32>-128 / largest);
    packNibbles(scratch + CODES, 64, target);
    packTwoBits(scratch + CODES, 4, target + 128);
  }
}

/** Rounds the sixteen scales to eight bits under a common factor, then the values to codes with what was stored. */
function quantizeWithScales(x: usize, target: usize, scratch: usize, inverse: f32): void {
  const d = f32ToF16(1 / inverse);
  store<u16>(target, d, 208);
  const factor = f16ToF32(d);
  for (let j: usize = 0; j < 16; j++, x += 64) {
    const result = scratch + (j << 2);
    const scale = min(127, nearestInt(inverse * load<f32>(result, SCALES)));
    store<u8>(target + j, scale, 192);
    const step: f32 = factor * <f32>scale;
    writeCodes(x, j, 16, step, 0, -32, 63, scratch);
  }
}
