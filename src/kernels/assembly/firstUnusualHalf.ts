/**
 * Index of the first of `n` blocks of `stride` bytes whose binary16 at byte `at` is below `least` in magnitude, taken as
 * an integer pattern, or not finite; −1 where there is none.
 */
export function firstUnusualHalf(blocks: usize, n: i32, stride: i32, at: i32, least: i32): i32 {
  const usual = <u32>(0x7c00 - least);
  let half = blocks + <usize>at;
  for (let i = 0; i < n; i++, half += <usize>stride) {
    if (<u32>(((<i32>load<u16>(half)) & 0x7fff) - least) >= usual) return i;
  }
  return -1;
}
