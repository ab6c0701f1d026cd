import { f16ToF32 } from "./half";

/** Q4_0 blocks (binary16 d, 16 bytes: code j low, code j + 16 high) to float32: (code − 8) · d. `n` is a multiple of 32. */
export function decodeQ4_0(source: usize, n: i32, target: usize): void {
  const eight = i8x16.splat(8);
  for (let end = target + ((<usize>n) << 2); target < end; source += 18, target += 128) {
    const scale = f32x4.splat(f16ToF32(load<u16>(source)));
    const bytes = v128.load(source, 2);
    scaleCodes(i8x16.sub(v128.and(bytes, i8x16.splat(15)), eight), scale, target);
    scaleCodes(i8x16.sub(i8x16.shr_u(bytes, 4), eight), scale, target + 64);
  }
}

/** Sixteen signed bytes times a scale, as float32. */
function scaleCodes(codes: v128, scale: v128, target: usize): void {
  const low = i16x8.extend_low_i8x16_s(codes);
  const high = i16x8.extend_high_i8x16_s(codes);
  v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), scale));
  v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), scale), 16);
  v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), scale), 32);
  v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), scale), 48);
}
