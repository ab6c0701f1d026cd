import { f32LanesToF16, f32ToF16 } from "./half";

/** `n` float32 to binary16, to nearest, ties to even. */
export function quantizeF16(x: usize, n: i32, target: usize): void {
  let i: i32 = 0;
  for (; i + 8 <= n; i += 8, x += 32, target += 16) {
    v128.store(target, i16x8.narrow_i32x4_u(f32LanesToF16(v128.load(x)), f32LanesToF16(v128.load(x, 16))));
  }
  for (; i < n; i++, x += 4, target += 2) store<u16>(target, f32ToF16(load<f32>(x)));
}
