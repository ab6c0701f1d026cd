import { addCounts, increment } from "./lanes";

/** Counters of a 16-bit pattern. */
export const PATTERNS: i32 = 65536;
/** Below this many values, clearing and adding a second table costs more than it saves. */
export const SECOND_TABLE_FROM: i32 = 16384;

/**
 * Counts the top 16 bits (sign, exponent, 7 mantissa bits) of `n` float32 at `x` into u32[65536] at `counts`: a
 * logarithmic histogram over the full range, from which percentiles follow. `scratch` is u32[65536] for a second table:
 * neighbouring values often share a pattern, and alternating tables spares the wait for the counter just written.
 */
export function patternCounts32(x: usize, n: i32, counts: usize, scratch: usize): void {
  const second = n < SECOND_TABLE_FROM ? counts : scratch;
  if (second != counts) memory.fill(second, 0, PATTERNS << 2);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4, x += 16) {
    const a = load<u64>(x);
    const b = load<u64>(x, 8);
    increment(counts, (<u32>a) >> 16);
    increment(second, <u32>(a >> 48));
    increment(counts, (<u32>b) >> 16);
    increment(second, <u32>(b >> 48));
  }
  for (; i < n; i++, x += 4) increment(counts, load<u16>(x, 2));
  if (second != counts) addCounts(counts, second, PATTERNS);
}

/** The same for `n` raw 16-bit values (F16, BF16) at `source`, the whole value being the pattern. */
export function patternCounts16(source: usize, n: i32, counts: usize, scratch: usize): void {
  const second = n < SECOND_TABLE_FROM ? counts : scratch;
  if (second != counts) memory.fill(second, 0, PATTERNS << 2);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4, source += 8) {
    const values = load<u64>(source);
    increment(counts, (<u32>values) & 0xffff);
    increment(second, (<u32>values) >> 16);
    increment(counts, (<u32>(values >> 32)) & 0xffff);
    increment(second, <u32>(values >> 48));
  }
  for (; i < n; i++, source += 2) increment(counts, load<u16>(source));
  if (second != counts) addCounts(counts, second, PATTERNS);
}

/** Counts `n` bytes (8-bit floats, integers, BOOL) at `source` into u32[256] at `counts`; `scratch` is u32[3 · 256]. */
export function patternCounts8(source: usize, n: i32, counts: usize, scratch: usize): void {
  const second = scratch;
  const third = scratch + 1024;
  const fourth = scratch + 2048;
  memory.fill(scratch, 0, 3072);
  let i: i32 = 0;
  for (; i + 8 <= n; i += 8, source += 8) {
    const values = load<u64>(source);
    const low = <u32>values;
    const high = <u32>(values >> 32);
    increment(counts, low & 255);
    increment(second, (low >> 8) & 255);
    increment(third, (low >> 16) & 255);
    increment(fourth, low >> 24);
    increment(counts, high & 255);
    increment(second, (high >> 8) & 255);
    increment(third, (high >> 16) & 255);
    increment(fourth, high >> 24);
  }
  for (; i < n; i++, source++) increment(counts, load<u8>(source));
  addCounts(counts, second, 256);
  addCounts(counts, third, 256);
  addCounts(counts, fourth, 256);
}
