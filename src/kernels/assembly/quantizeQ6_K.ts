import { writeCodes } from "./codes";
import { weightsAt } from "./importance";
import { packNibbles, packTwoBits } from "./packBits";
import { roundSigned } from "./scaleCodes";
import { searchScale, ZERO_MAGNITUDE } from "./searchScale";
import { CODES, extreme, SCALES, SCALE_CODES, transpose, weighBySquare, WEIGHTS } from "./subBlocks";

/**
 * `n` float32 (a multiple of 256) to ggml's Q6_K super-blocks: sixteen sub-blocks of 16 with signed eight-bit scales under one
 * binary16 factor. Bytes equal ggml's `quantize_q6_K` for finite values.
 */
export function quantizeQ6_K(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  const start = x;
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 210) {
    transpose(x, 16, scratch);
    const weights = weightsAt(importance, columns, x - start);
    if (weights == 0) weighBySquare(scratch);
    else transpose(weights, 16, scratch + WEIGHTS);
    for (let group: usize = 0; group < 4; group++) searchScale(scratch + (group << 8), 16, 32, scratch + (group << 4));
    const largest = extreme(scratch + SCALES, 16);
    if (abs(largest) < ZERO_MAGNITUDE) {
      memory.fill(target, 0, 210);
      continue;
    }
    const inverse = <f32>-128 / largest;
    store<u16>(target, roundSigned(scratch, inverse, 1 / inverse, 128), 208);
    v128.store(target, v128.load(scratch, SCALE_CODES), 192);
    writeCodes(x, 16, -32, 63, scratch);
    packNibbles(scratch + CODES, 64, target);
    packTwoBits(scratch + CODES, 4, target + 128);
  }
}
