import { storeScales } from "./blocksOf32";
import { f32LanesToF16 } from "./half";
import { highest, maxOfEach, packSigned, truncateToI32 } from "./lanes";

/**
 * `n` float32 (a multiple of 32) to ggml's Q8_0 blocks: d = max|x| / 127 as binary16, then 32 codes roundf(x / d) by
 * the float32 inverse of the float32 d. Bytes equal ggml's `quantize_row_q8_0_ref` for finite values.
 */
export function quantizeQ8_0(x: usize, n: i32, target: usize): void {
  const end = x + ((<usize>n) << 2);
  // Four blocks at a time, whose scales are the lanes of one vector.
  for (; x + 512 <= end; x += 512, target += 136) {
    const largest = maxOfEach(largestLanes(x), largestLanes(x + 128), largestLanes(x + 256), largestLanes(x + 384));
    const d = f32x4.div(largest, f32x4.splat(127));
    const inverse = inverseOf(d);
    storeScales(f32LanesToF16(d), target, 34);
    storeCodes(x, v128.shuffle<f32>(inverse, inverse, 0, 0, 0, 0), target + 2);
    storeCodes(x + 128, v128.shuffle<f32>(inverse, inverse, 1, 1, 1, 1), target + 36);
    storeCodes(x + 256, v128.shuffle<f32>(inverse, inverse, 2, 2, 2, 2), target + 70);
    storeCodes(x + 384, v128.shuffle<f32>(inverse, inverse, 3, 3, 3, 3), target + 104);
  }
  for (; x < end; x += 128, target += 34) {
    const lanes = largestLanes(x);
    const d = f32x4.div(maxOfEach(lanes, lanes, lanes, lanes), f32x4.splat(127));
    v128.store16_lane(target, f32LanesToF16(d), 0);
    storeCodes(x, inverseOf(d), target + 2);
  }
}

/** Four magnitudes of which one is the largest of 32 values. */
function largestLanes(x: usize): v128 {
  const low = highest(highest(magnitude(x), magnitude(x + 16)), highest(magnitude(x + 32), magnitude(x + 48)));
  const high = highest(highest(magnitude(x + 64), magnitude(x + 80)), highest(magnitude(x + 96), magnitude(x + 112)));
  return highest(low, high);
}

function magnitude(x: usize): v128 {
  return f32x4.abs(v128.load(x));
}

/** 1 / d, and 0 of 0. A block of denormal numbers has an infinite inverse; what C then makes of its products is 0 on x86-64. */
function inverseOf(d: v128): v128 {
  const inverse = f32x4.div(f32x4.splat(1), d);
  return v128.and(inverse, f32x4.ne(inverse, f32x4.splat(Infinity)));
}

function storeCodes(x: usize, inverse: v128, target: usize): void {
  v128.store(target, packSigned(code(x, inverse), code(x + 16, inverse), code(x + 32, inverse), code(x + 48, inverse)));
  v128.store(target, packSigned(code(x + 64, inverse), code(x + 80, inverse), code(x + 96, inverse), code(x + 112, inverse)), 16);
}

/** Half away from zero, as C's roundf: add the float just below 0.5 with the sign of the product, then truncate. */
function code(x: usize, inverse: v128): v128 {
  const product = f32x4.mul(v128.load(x), inverse);
  const almostHalf = v128.or(i32x4.splat(0x3effffff), v128.and(product, i32x4.splat(0x80000000)));
  return truncateToI32(f32x4.add(product, almostHalf));
}
