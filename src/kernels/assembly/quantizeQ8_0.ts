import { f32ToF16 } from "./half";
import { highest, maxF32, packSigned, truncateToI32 } from "./lanes";

/**
 * `n` float32 (a multiple of 32) to ggml's Q8_0 blocks: d = max|x| / 127 as binary16, then 32 codes roundf(x / d) by
 * the float32 inverse of the float32 d. Bytes equal ggml's `quantize_row_q8_0_ref` for finite values.
 */
export function quantizeQ8_0(x: usize, n: i32, target: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 128, target += 34) {
    const v0 = v128.load(x);
    const v1 = v128.load(x, 16);
    const v2 = v128.load(x, 32);
    const v3 = v128.load(x, 48);
    const v4 = v128.load(x, 64);
    const v5 = v128.load(x, 80);
    const v6 = v128.load(x, 96);
    const v7 = v128.load(x, 112);
    const m0 = highest(f32x4.abs(v0), f32x4.abs(v1));
    const m1 = highest(f32x4.abs(v2), f32x4.abs(v3));
    const m2 = highest(f32x4.abs(v4), f32x4.abs(v5));
    const m3 = highest(f32x4.abs(v6), f32x4.abs(v7));
    const d = maxF32(highest(highest(m0, m1), highest(m2, m3))) / 127;
    const inverseD: f32 = d != 0 ? <f32>1 / d : 0;
    // A block of denormal numbers has an infinite inverse; what C then makes of its products is 0 on x86-64.
    const inverse = f32x4.splat(inverseD != Infinity ? inverseD : 0);
    store<u16>(target, f32ToF16(d));
    v128.store(target, packSigned(code(v0, inverse), code(v1, inverse), code(v2, inverse), code(v3, inverse)), 2);
    v128.store(target, packSigned(code(v4, inverse), code(v5, inverse), code(v6, inverse), code(v7, inverse)), 18);
  }
}

/** Half away from zero, as C's roundf: add the float just below 0.5 with the sign of the product, then truncate. */
function code(v: v128, inverse: v128): v128 {
  const product = f32x4.mul(v, inverse);
  const almostHalf = v128.or(i32x4.splat(0x3effffff), v128.and(product, i32x4.splat(0x80000000)));
  return truncateToI32(f32x4.add(product, almostHalf));
}
