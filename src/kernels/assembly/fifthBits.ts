/** Sixteen bits at `address` as sixteen bytes: 16 where bit i is set, else 0. */
export function fifthBits(address: usize): v128 {
  const bits = v128.load16_splat(address);
  const spread = i8x16.shuffle(bits, bits, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  const each = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return v128.and(i8x16.eq(v128.and(spread, each), each), i8x16.splat(16));
}
