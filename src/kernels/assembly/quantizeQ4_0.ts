import { f32ToF16 } from "./half";
import { highest, lowest, maxF32, minF32, packUnsigned, truncateToI32 } from "./lanes";

/**
 * `n` float32 (a multiple of 32) to ggml's Q4_0 blocks: d = (the value of largest magnitude, the first of several) / −8
 * as binary16, codes min(15, trunc(x / d + 8.5)), code j in the low and j + 16 in the high nibble of byte j. Bytes equal
 * ggml's `quantize_row_q4_0_ref` for finite values.
 */
export function quantizeQ4_0(x: usize, n: i32, target: usize): void {
  const fifteen = i8x16.splat(15);
  for (let end = x + ((<usize>n) << 2); x < end; x += 128, target += 18) {
    const v0 = v128.load(x);
    const v1 = v128.load(x, 16);
    const v2 = v128.load(x, 32);
    const v3 = v128.load(x, 48);
    const v4 = v128.load(x, 64);
    const v5 = v128.load(x, 80);
    const v6 = v128.load(x, 96);
    const v7 = v128.load(x, 112);
    const high = maxF32(highest(highest(highest(v0, v1), highest(v2, v3)), highest(highest(v4, v5), highest(v6, v7))));
    const low = minF32(lowest(lowest(lowest(v0, v1), lowest(v2, v3)), lowest(lowest(v4, v5), lowest(v6, v7))));
    const extreme = high > -low ? high : high < -low ? low : firstExtreme(x, high);
    const d = extreme / -8;
    const inverse = f32x4.splat(d != 0 ? <f32>1 / d : 0);
    store<u16>(target, f32ToF16(d));
    const first = packUnsigned(code(v0, inverse), code(v1, inverse), code(v2, inverse), code(v3, inverse));
    const second = packUnsigned(code(v4, inverse), code(v5, inverse), code(v6, inverse), code(v7, inverse));
    v128.store(target, v128.or(i8x16.min_u(first, fifteen), i16x8.shl(i8x16.min_u(second, fifteen), 4)), 2);
  }
}

/**
 * The first of 32 values with magnitude `high`, where +high and −high both occur. A block of zeros gives +0 whatever
 * their signs: ggml's search starts at +0 and never takes a value that is not larger, so d is −0 there.
 */
function firstExtreme(x: usize, high: f32): f32 {
  if (high == 0) return 0;
  for (const end = x + 128; x < end; x += 4) {
    const value = load<f32>(x);
    if (abs(value) == high) return value;
  }
  return high;
}

function code(v: v128, inverse: v128): v128 {
  return truncateToI32(f32x4.add(f32x4.mul(v, inverse), f32x4.splat(8.5)));
}
