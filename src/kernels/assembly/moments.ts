import { TILE, accumulate, highest, increment, isFiniteF32, lowest, maxF32, minF32, promoteHigh, sumF64, sumI32 } from "./lanes";

/**
 * Adds `n` float32 at `x` to the ten float64 at `out`: finite, nan, inf, zero, min, max, S1…S4, where Sk is the sum of
 * (x − pivot)^k over finite values. `pivot` is finite; near the mean it keeps the higher moments exact when the mean is
 * far larger than the spread. min and max are combined with what is there.
 */
export function moments(x: usize, n: i32, pivot: f64, out: usize): void {
  momentsAndPatterns(x, n, pivot, out, 0, 0);
}

/**
 * `moments`, and unless `counts` is 0 counts the top 16 bits of every value into u32[65536] at `counts` and at `second`
 * in turn. The sums keep the floating-point units busy, the counters the others: together they take little longer than
 * the sums alone.
 *
 * Sums run in float64 lanes and are folded per tile. A float32 to the fourth power cannot overflow float64, so the
 * tile's S4 is finite exactly when all its values are; otherwise the tile's moments are taken again value by value.
 */
export function momentsAndPatterns(x: usize, n: i32, pivot: f64, out: usize, counts: usize, second: usize): void {
  const pivots = f64x2.splat(pivot);
  const zero = f64x2.splat(0);
  let left = n & ~3;
  while (left > 0) {
    const count = min(left, TILE);
    const end = x + ((<usize>count) << 2);
    let minima = f32x4.splat(Infinity);
    let maxima = f32x4.splat(-Infinity);
    let zeros = zero;
    let sum1 = zero;
    let sum2 = zero;
    let sum3 = zero;
    let sum4 = zero;
    for (let p = x; p < end; p += 16) {
      if (counts != 0) {
        const low = load<u64>(p);
        const high = load<u64>(p, 8);
        increment(counts, (<u32>low) >> 16);
        increment(second, <u32>(low >> 48));
        increment(counts, (<u32>high) >> 16);
        increment(second, <u32>(high >> 48));
      }
      const v = v128.load(p);
      minima = lowest(minima, v);
      maxima = highest(maxima, v);
      zeros = i32x4.sub(zeros, f32x4.eq(v, zero));
      // Both halves go into one accumulator: for two of each the registers do not suffice, and a sum that is spilled
      // costs more than its addition.
      const a = f64x2.sub(f64x2.promote_low_f32x4(v), pivots);
      const b = f64x2.sub(promoteHigh(v), pivots);
      const a2 = f64x2.mul(a, a);
      const b2 = f64x2.mul(b, b);
      sum1 = f64x2.add(sum1, f64x2.add(a, b));
      sum2 = f64x2.add(sum2, f64x2.add(a2, b2));
      sum3 = f64x2.add(sum3, f64x2.add(f64x2.mul(a2, a), f64x2.mul(b2, b)));
      sum4 = f64x2.add(sum4, f64x2.add(f64x2.mul(a2, a2), f64x2.mul(b2, b2)));
    }
    const s4 = sumF64(sum4);
    if (s4 - s4 == 0) {
      accumulate(out, count);
      accumulate(out + 24, sumI32(zeros));
      store<f64>(out, min(load<f64>(out, 32), <f64>minF32(minima)), 32);
      store<f64>(out, max(load<f64>(out, 40), <f64>maxF32(maxima)), 40);
      accumulate(out + 48, sumF64(sum1));
      accumulate(out + 56, sumF64(sum2));
      accumulate(out + 64, sumF64(sum3));
      accumulate(out + 72, s4);
    } else {
      momentsOneByOne(x, count, pivot, out);
    }
    x = end;
    left -= count;
  }
  momentsOneByOne(x, n & 3, pivot, out);
  if (counts != 0) for (let i: i32 = 0; i < (n & 3); i++, x += 4) increment(counts, load<u16>(x, 2));
}

/** The moments alone, one value at a time: for tails and for tiles that hold NaN or infinities. */
function momentsOneByOne(x: usize, n: i32, pivot: f64, out: usize): void {
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  let s4: f64 = 0;
  for (let end = x + ((<usize>n) << 2); x < end; x += 4) {
    const value = load<f32>(x);
    if (!isFiniteF32(value)) {
      accumulate(out + (value == value ? 16 : 8), 1);
      continue;
    }
    accumulate(out, 1);
    if (value == 0) accumulate(out + 24, 1);
    const wide = <f64>value;
    store<f64>(out, min(load<f64>(out, 32), wide), 32);
    store<f64>(out, max(load<f64>(out, 40), wide), 40);
    const d = wide - pivot;
    const d2 = d * d;
    s1 += d;
    s2 += d2;
    s3 += d2 * d;
    s4 += d2 * d2;
  }
  accumulate(out + 48, s1);
  accumulate(out + 56, s2);
  accumulate(out + 64, s3);
  accumulate(out + 72, s4);
}
