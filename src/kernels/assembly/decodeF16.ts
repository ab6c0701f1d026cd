import { f16LanesToF32, f16ToF32 } from "./half";

/** `n` binary16 at `source` to float32 at `target`. */
export function decodeF16(source: usize, n: i32, target: usize): void {
  let i: i32 = 0;
  for (; i + 8 <= n; i += 8, source += 16, target += 32) {
    const halves = v128.load(source);
    v128.store(target, f16LanesToF32(i32x4.extend_low_i16x8_u(halves)));
    v128.store(target, f16LanesToF32(i32x4.extend_high_i16x8_u(halves)), 16);
  }
  for (; i < n; i++, source += 2, target += 4) store<f32>(target, f16ToF32(load<u16>(source)));
}
