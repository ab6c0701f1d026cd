// IEEE binary16, one value at a time and in four lanes.

/**
 * float32 to binary16, round to nearest even; subnormals, overflow to infinity and NaN (0x7e00) included. Branch-free:
 * the value is first scaled up and down so that overflow becomes infinity, then added to a power of two whose exponent
 * puts the last kept bit at the end of the mantissa, so that the addition itself rounds.
 */
export function f32ToF16(value: f32): u32 {
  const bits = reinterpret<u32>(value);
  const doubled = bits + bits;
  const scaled = abs(value) * reinterpret<f32>(0x77800000) * reinterpret<f32>(0x08800000);
  const bias = max<u32>(doubled & 0xff000000, 0x71000000);
  const rounded = reinterpret<u32>(reinterpret<f32>((bias >> 1) + 0x07800000) + scaled);
  const magnitude: u32 = ((rounded >> 13) & 0x7c00) + (rounded & 0x0fff);
  return ((bits >> 16) & 0x8000) | (doubled > 0xff000000 ? 0x7e00 : magnitude);
}

/** binary16 to float32, exact. */
export function f16ToF32(half: u32): f32 {
  return f32x4.extract_lane(f16LanesToF32(i32x4.splat(<i32>half)), 0);
}

/**
 * Four binary16 in the low halves of 32-bit lanes to float32, exact. Exponent and mantissa move into place and the
 * product with 2^112 corrects the exponent, subnormals too; what was infinite or NaN lands at 65536 or above and gets
 * the full exponent back.
 */
export function f16LanesToF32(halves: v128): v128 {
  const magnitude = f32x4.mul(i32x4.shl(v128.and(halves, i32x4.splat(0x7fff)), 13), i32x4.splat(0x77800000));
  const special = v128.and(f32x4.ge(magnitude, i32x4.splat(0x47800000)), i32x4.splat(0x7f800000));
  return v128.or(v128.or(magnitude, special), i32x4.shl(v128.and(halves, i32x4.splat(0x8000)), 16));
}

/** Four float32 to binary16 in the low halves of 32-bit lanes; see `f32ToF16`. */
export function f32LanesToF16(v: v128): v128 {
  const doubled = i32x4.shl(v, 1);
  const scaled = f32x4.mul(f32x4.mul(f32x4.abs(v), i32x4.splat(0x77800000)), i32x4.splat(0x08800000));
  const bias = i32x4.max_u(v128.and(doubled, i32x4.splat(0xff000000)), i32x4.splat(0x71000000));
  const rounded = f32x4.add(i32x4.add(i32x4.shr_u(bias, 1), i32x4.splat(0x07800000)), scaled);
  const exponent = v128.and(i32x4.shr_u(rounded, 13), i32x4.splat(0x7c00));
  const magnitude = i32x4.add(exponent, v128.and(rounded, i32x4.splat(0x0fff)));
  const isNaN = i32x4.gt_u(doubled, i32x4.splat(0xff000000));
  const sign = v128.and(i32x4.shr_u(v, 16), i32x4.splat(0x8000));
  return v128.or(sign, v128.bitselect(i32x4.splat(0x7e00), magnitude, isNaN));
}
