import { quantizeByImportance } from "./blocksByImportance";
import { extremeOf32, limitOf, storeNibbles, truncatedCodes } from "./blocksOf32";
import { f32ToF16 } from "./half";

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
  const zero = f32x4.splat(0);
  const bias = f32x4.splat(8.5);
  for (let end = x + ((<usize>n) << 2); x < end; x += 128, target += 18) {
    const d = extremeOf32(x) / -8;
    const inverseD: f32 = d != 0 ? <f32>1 / d : 0;
    const inverse = f32x4.splat(inverseD);
    const top = limitOf(inverseD, 15);
    store<u16>(target, f32ToF16(d));
    storeNibbles(truncatedCodes(x, zero, inverse, bias, top), truncatedCodes(x + 64, zero, inverse, bias, top), target + 2);
  }
}
