import { quantizeByImportance } from "./blocksByImportance";
import { highestOf32, limitOf, lowestOf32, storeFiveBits, truncatedCodes } from "./blocksOf32";
import { f32ToF16 } from "./half";

/**
 * `n` float32 (a multiple of 32) to ggml's Q5_1 blocks: 32 levels from the block's smallest to its largest value, step
 * and smallest value as binary16. Bytes equal ggml's `quantize_q5_1` for finite values.
 */
export function quantizeQ5_1(x: usize, n: i32, target: usize, scratch: usize, importance: usize, columns: i32): void {
  if (importance != 0) {
    quantizeByImportance(x, n, target, scratch, importance, columns, false, 5);
    return;
  }
  const bias = f32x4.splat(0.5);
  for (let end = x + ((<usize>n) << 2); x < end; x += 128, target += 24) {
    const low = lowestOf32(x);
    const range = highestOf32(x) - low;
    // Zeros of both signs have no range, whatever sign their difference has.
    const d: f32 = range > 0 ? range / 31 : 0;
    const inverseD: f32 = d != 0 ? <f32>1 / d : 0;
    const inverse = f32x4.splat(inverseD);
    const top = limitOf(inverse, 31);
    const min = f32x4.splat(low);
    store<u16>(target, f32ToF16(d));
    store<u16>(target, f32ToF16(low), 2);
    storeFiveBits(truncatedCodes(x, min, inverse, bias, top), truncatedCodes(x + 64, min, inverse, bias, top), target + 4);
  }
}
