import { roundSigned, writeCodes } from "./codes";
import { packOneBit, packTwoBits } from "./packBits";
import { refineScale } from "./refineScale";
import { CODES, extreme, INVERSES, LEVELS, SCALES, SCALE_CODES, transpose, weighBySquare } from "./subBlocks";

/**
 * `n` float32 (a multiple of 256) to ggml's Q3_K super-blocks: sixteen sub-blocks of 16 with signed six-bit scales under one binary16
 * factor. Bytes equal ggml's `quantize_row_q3_K_ref` for finite values.
 */
export function quantizeQ3_K(x: usize, n: i32, target: usize, scratch: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 110) {
    transpose(x, 16, scratch);
    weighBySquare(scratch);
    for (let group: usize = 0; group < 4; group++) refineScale(scratch + (group << 8), scratch + (group << 4));
    const largest = extreme(scratch + SCALES, 16);
    const d = roundSigned(scratch, largest, 32);
    store<u16>(target, d, 108);
    packScales(scratch + SCALE_CODES, largest != 0 ? 32 : 0, target + 96);
    writeCodes(x, 16, -4, 7, scratch);
    keepRefined(scratch);
    packOneBit(scratch + CODES, 2, target);
    packTwoBits(scratch + CODES, 0, target + 32);
  }
}

/** Where a stored scale is 0, the codes stay what the refinement made of them. */
function keepRefined(scratch: usize): void {
  for (let j: usize = 0; j < 16; j++) {
    const result = scratch + (j << 2);
    if (load<f32>(result, SCALES) != 0 || load<f32>(result, INVERSES) == 0) continue;
    const levels = scratch + ((j >> 2) << 8) + ((j & 3) << 2);
    for (let i: usize = 0; i < 16; i++) store<u8>(scratch + (j << 4) + i, <i32>load<f32>(levels + (i << 4), LEVELS) + 4, CODES);
  }
}

/** Sixteen signed codes, plus `bias`: low four bits of codes 8 apart share a byte of the first eight, the high two of codes 4 apart one of the last four. */
function packScales(codes: usize, bias: i32, target: usize): void {
  const biased = i8x16.add(v128.load(codes), i8x16.splat(<i8>bias));
  const low = v128.and(biased, i8x16.splat(15));
  const high = v128.and(i16x8.shr_u(biased, 4), i8x16.splat(3));
  store<u64>(target, i64x2.extract_lane(low, 0) | (i64x2.extract_lane(low, 1) << 4));
  const pairs = i64x2.extract_lane(high, 0) | (i64x2.extract_lane(high, 1) << 4);
  store<u32>(target, <u32>(pairs | (pairs >> 30)), 8);
}
