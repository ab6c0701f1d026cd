import { writeCodes } from "./codes";
import { weighByImportance, weightsAt } from "./importance";
import { packOneBit, packTwoBits } from "./packBits";
import { refineScale } from "./refineScale";
import { roundSigned } from "./scaleCodes";
import { searchScale } from "./searchScale";
import { CODES, extreme, FACTOR, INVERSES, LEVELS, SCALES, SCALE_CODES, SUMS, transpose, weighBySquare, WEIGHTS } from "./subBlocks";

/**
 * `n` float32 (a multiple of 256) to ggml's Q3_K super-blocks: sixteen sub-blocks of 16 with signed six-bit scales under one binary16
 * factor. Bytes equal ggml's `quantize_q3_K` for finite values.
 */
export function quantizeQ3_K(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  const start = x;
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 110) {
    transpose(x, 16, scratch);
    const weights = weightsAt(importance, columns, x - start);
    if (weights == 0) searchByRefinement(x, target, scratch);
    else searchByImportance(x, target, weights, scratch);
    packOneBit(scratch + CODES, 2, target);
    packTwoBits(scratch + CODES, 0, target + 32);
  }
}

function searchByRefinement(x: usize, target: usize, scratch: usize): void {
  weighBySquare(scratch);
  for (let group: usize = 0; group < 4; group++) refineScale(scratch + (group << 8), scratch + (group << 4));
  const largest = extreme(scratch + SCALES, 16);
  const inverse: f32 = largest != 0 ? <f32>-32 / largest : 0;
  store<u16>(target, roundSigned(scratch, inverse, largest != 0 ? 1 / inverse : 0, 32), 108);
  packScales(scratch + SCALE_CODES, largest != 0 ? 32 : 0, target + 96);
  writeCodes(x, 16, -4, 7, scratch);
  keepRefined(scratch);
}

/** With importance weights, the scales are searched by them, and so is the factor of the scales, by the sums of the weights. */
function searchByImportance(x: usize, target: usize, weights: usize, scratch: usize): void {
  weighByImportance(x, weights, 16, 1.0 / 128, scratch);
  for (let group: usize = 0; group < 4; group++) searchScale(scratch + (group << 8), 16, 4, scratch + (group << 4));
  // The sixteen scales take the place of the values of a group that is done, the same in every lane.
  for (let j: usize = 0; j < 16; j++) {
    v128.store(scratch + (j << 4), v128.load32_splat(scratch + (j << 2), SCALES));
    v128.store(scratch + (j << 4), v128.load32_splat(scratch + (j << 2), SUMS), WEIGHTS);
  }
  searchScale(scratch, 16, 32, scratch + FACTOR);
  const inverse = load<f32>(scratch + FACTOR, INVERSES);
  store<u16>(target, roundSigned(scratch, inverse, load<f32>(scratch + FACTOR, SCALES), 32), 108);
  packScales(scratch + SCALE_CODES, inverse != 0 ? 32 : 0, target + 96);
  writeCodes(x, 16, -4, 7, scratch);
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
