import { roundSigned, writeCodes } from "./codes";
import { packNibbles, packTwoBits } from "./packBits";
import { searchScale, ZERO_MAGNITUDE } from "./searchScale";
import { CODES, extreme, SCALES, SCALE_CODES, transpose, weighBySquare } from "./subBlocks";

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
    store<u16>(target, roundSigned(scratch, largest, 128), 208);
    v128.store(target, v128.load(scratch, SCALE_CODES), 192);
    writeCodes(x, 16, -32, 63, scratch);
    packNibbles(scratch + CODES, 64, target);
    packTwoBits(scratch + CODES, 4, target + 128);
  }
}
