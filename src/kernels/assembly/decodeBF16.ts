/** `n` bfloat16 at `source` to float32 at `target`: the 16 bits are the upper half of the float32. */
export function decodeBF16(source: usize, n: i32, target: usize): void {
  const zero = i32x4.splat(0);
  let i: i32 = 0;
  for (; i + 16 <= n; i += 16, source += 32, target += 64) {
    const a = v128.load(source);
    const b = v128.load(source, 16);
    v128.store(target, v128.shuffle<i16>(zero, a, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(target, v128.shuffle<i16>(zero, a, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    v128.store(target, v128.shuffle<i16>(zero, b, 0, 8, 1, 9, 2, 10, 3, 11), 32);
    v128.store(target, v128.shuffle<i16>(zero, b, 4, 12, 5, 13, 6, 14, 7, 15), 48);
  }
  for (; i < n; i++, source += 2, target += 4) store<u32>(target, (<u32>load<u16>(source)) << 16);
}
