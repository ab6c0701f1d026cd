import { f16ToF32 } from "./half";

/** Sixteen signed bytes as float32: code · scale − min. */
export function storeScaled(codes: v128, scale: f32, min: f32, target: usize): void {
  const scales = f32x4.splat(scale);
  const mins = f32x4.splat(min);
  const low = i16x8.extend_low_i8x16_s(codes);
  const high = i16x8.extend_high_i8x16_s(codes);
  v128.store(target, f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), scales), mins));
  v128.store(target, f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), scales), mins), 16);
  v128.store(target, f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), scales), mins), 32);
  v128.store(target, f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), scales), mins), 48);
}

/** The binary16 at `address`. */
export function loadHalf(address: usize): f32 {
  return f16ToF32(load<u16>(address));
}

/** Of each of sixteen bytes the bits in `mask` from bit `from` up. */
export function bitsOf(bytes: usize, from: i32, mask: i8): v128 {
  return v128.and(i16x8.shr_u(v128.load(bytes), from), i8x16.splat(mask));
}
