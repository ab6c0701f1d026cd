import { quantizeByImportance } from "./blocksByImportance";
import { extremeOf32, limitOf, storeFiveBits, truncatedCodes } from "./blocksOf32";
import { f32ToF16 } from "./half";

/**
 * `n` float32 (a multiple of 32) to ggml's Q5_0 blocks: as Q4_0 with 32 levels. Bytes equal `quantize_q5_0` for finite
 * values.
 */
export function quantizeQ5_0(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  if (importance != 0) {
    quantizeByImportance(x, n, target, scratch, importance, columns, true, 5);
    return;
  }
  const zero = f32x4.splat(0);
  const bias = f32x4.splat(16.5);
  for (let end = x + ((<usize>n) << 2); x < end; x += 128, target += 22) {
    const d = extremeOf32(x) / -16;
    const inverseD: f32 = d != 0 ? <f32>1 / d : 0;
    const inverse = f32x4.splat(inverseD);
    const top = limitOf(inverse, 31);
    store<u16>(target, f32ToF16(d));
    storeFiveBits(truncatedCodes(x, zero, inverse, bias, top), truncatedCodes(x + 64, zero, inverse, bias, top), target + 2);
  }
}
