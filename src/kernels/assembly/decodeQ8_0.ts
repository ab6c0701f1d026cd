import { f16ToF32 } from "./half";

/** Q8_0 blocks (binary16 d, 32 int8) to float32: code · d. `n` is a multiple of 32. */
export function decodeQ8_0(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 34) {
    const scale = f32x4.splat(f16ToF32(load<u16>(source)));
    for (let codes = source + 2; codes < source + 34; codes += 8, target += 32) {
      const wide = v128.load8x8_s(codes);
      v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(wide)), scale));
      v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(wide)), scale), 16);
    }
  }
}
