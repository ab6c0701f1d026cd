/** `n` float32 to bfloat16, to nearest, ties to even; a NaN keeps its top bits and becomes quiet. */
export function quantizeBF16(x: usize, n: i32, target: usize): void {
  let i: i32 = 0;
  for (; i + 8 <= n; i += 8, x += 32, target += 16) {
    v128.store(target, i16x8.narrow_i32x4_u(rounded(v128.load(x)), rounded(v128.load(x, 16))));
  }
  for (; i < n; i++, x += 4, target += 2) store<u16>(target, i32x4.extract_lane(rounded(v128.load32_zero(x)), 0));
}

/** Bits in the low halves of the lanes. */
function rounded(v: v128): v128 {
  const top = i32x4.shr_u(v, 16);
  const odd = v128.and(top, i32x4.splat(1));
  const nearest = i32x4.shr_u(i32x4.add(v, i32x4.add(odd, i32x4.splat(0x7fff))), 16);
  const isNaN = f32x4.ne(v, v);
  return v128.bitselect(v128.or(top, i32x4.splat(64)), nearest, isNaN);
}
