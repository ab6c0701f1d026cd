import { isFiniteF32, TILE } from "./lanes";

/** Index of the first NaN or infinity of `n` float32, or −1. */
export function firstNonFinite(x: usize, n: i32): i32 {
  const exponent = i32x4.splat(0x7f800000);
  const start = x;
  const end = x + ((<usize>n) << 2);
  // A tile in which an exponent is full is read again, value by value; so is what is left at the end.
  for (; x + TILE * 4 <= end; x += TILE * 4) {
    let full = i32x4.splat(0);
    for (let p = x; p < x + TILE * 4; p += 32) {
      const low = i32x4.eq(v128.and(v128.load(p), exponent), exponent);
      const high = i32x4.eq(v128.and(v128.load(p, 16), exponent), exponent);
      full = v128.or(full, v128.or(low, high));
    }
    if (v128.any_true(full)) break;
  }
  while (x < end && isFiniteF32(load<f32>(x))) x += 4;
  return x < end ? <i32>((x - start) >> 2) : -1;
}
