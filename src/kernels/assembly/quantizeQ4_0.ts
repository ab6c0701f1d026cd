import { quantizeByImportance } from "./blocksByImportance";
import { codesFromZero, extremeOf32, extremesOf32, limitOf, storeNibbles, storeScales } from "./blocksOf32";
import { f32LanesToF16 } from "./half";

/**
 * `n` float32 (a multiple of 32) to ggml's Q4_0 blocks: d = (the value of largest magnitude, the first of several) / −8
 * as binary16, codes min(15, trunc(x / d + 8.5)). Bytes equal ggml's `quantize_q4_0` for finite values. An all-zero
 * block has d = −0.
 */
export function quantizeQ4_0(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  if (importance != 0) {
    quantizeByImportance(x, n, target, scratch, importance, columns, true, 4);
    return;
  }
  const end = x + ((<usize>n) << 2);
  // Four blocks at a time, whose scales are the lanes of one vector.
  for (; x + 512 <= end; x += 512, target += 72) {
    const d = f32x4.div(extremesOf32(x), f32x4.splat(-8));
    const inverse = inverseOf(d);
    storeScales(f32LanesToF16(d), target, 18);
    storeCodes(x, v128.shuffle<f32>(inverse, inverse, 0, 0, 0, 0), target + 2);
    storeCodes(x + 128, v128.shuffle<f32>(inverse, inverse, 1, 1, 1, 1), target + 20);
    storeCodes(x + 256, v128.shuffle<f32>(inverse, inverse, 2, 2, 2, 2), target + 38);
    storeCodes(x + 384, v128.shuffle<f32>(inverse, inverse, 3, 3, 3, 3), target + 56);
  }
  for (; x < end; x += 128, target += 18) {
    const d = f32x4.splat(extremeOf32(x) / -8);
    v128.store16_lane(target, f32LanesToF16(d), 0);
    storeCodes(x, inverseOf(d), target + 2);
  }
}

/** 1 / d, and 0 of 0. */
function inverseOf(d: v128): v128 {
  return v128.and(f32x4.div(f32x4.splat(1), d), f32x4.ne(d, f32x4.splat(0)));
}

function storeCodes(x: usize, inverse: v128, target: usize): void {
  const bias = f32x4.splat(8.5);
  const top = limitOf(inverse, 15);
  storeNibbles(codesFromZero(x, inverse, bias, top), codesFromZero(x + 64, inverse, bias, top), target);
}
