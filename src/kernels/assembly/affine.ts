import { addError, addErrors, WITHIN } from "./errors";
import { TILE, highest, isFiniteF32, loadPair, lowest, maxF32, maxF64, minF32, sumF64, sumI64 } from "./lanes";

/**
 * Affine fake-quantization of `n` float32 at `x` with one range [low, high] and codes of `bits` (2 to 32). Float64
 * arithmetic with a true division and half-even rounding:
 *
 * - symmetric: s = max(|low|, |high|) / (2^(bits−1) − 1), codes ±(2^(bits−1) − 1), zero-point 0;
 * - asymmetric: the range is widened to hold 0, s = (high − low) / (2^bits − 1), zero-point rint(−low / s), codes
 *   0 … 2^bits − 1;
 * - x̂ = s · (clamp(rint(x / s) + zero-point) − zero-point), 0 where s is 0.
 *
 * Adds the errors of the float64 x̂ to the eight float64 at `out` (as `errors`) and, if `y` is not 0, writes x̂ as
 * float32 there. Values that are not finite are skipped and become 0.
 */
export function affine(x: usize, n: i32, low: f64, high: f64, bits: i32, symmetric: bool, y: usize, out: usize): void {
  const from = min<f64>(low, 0);
  const to = max<f64>(high, 0);
  const top = <f64>(((<i64>1) << (symmetric ? bits - 1 : bits)) - 1);
  const scale = (symmetric ? max(-from, to) : to - from) / top;
  // With no range, any divisor gives finite codes, and the scale of 0 makes every x̂ 0.
  const divisor: f64 = scale == 0 ? 1 : scale;
  // Clamping code − zero-point between shifted limits is the same, exactly, and needs neither sum nor difference.
  const zeroPoint: f64 = symmetric ? 0 : nearest(-from / divisor);
  const least: f64 = symmetric ? -top : -zeroPoint;
  const most: f64 = top - zeroPoint;
  let left = n & ~3;
  while (left > 0) {
    const count = min(left, TILE);
    if (allFinite(x, count)) affineTile(x, count, scale, divisor, least, most, y, out);
    else affineOneByOne(x, count, scale, divisor, least, most, y, out);
    x += (<usize>count) << 2;
    if (y != 0) y += (<usize>count) << 2;
    left -= count;
  }
  affineOneByOne(x, n & 3, scale, divisor, least, most, y, out);
}

/**
 * The same over a matrix, with the range of each run of `group` values inside a row (the last run of a row may be
 * shorter; `group` = `columns` is one range per row).
 */
export function affineGroups(x: usize, rows: i32, columns: i32, group: i32, bits: i32, symmetric: bool, y: usize, out: usize): void {
  for (let row: i32 = 0; row < rows; row++) {
    for (let left = columns; left > 0;) {
      const count = min(left, group);
      let minima = f32x4.splat(0);
      let maxima = f32x4.splat(0);
      let p = x;
      const end = x + ((<usize>count) << 2);
      // The range holds 0 in any case, so the search may start there, and values that are not finite may count as 0.
      for (; p + 16 <= end; p += 16) {
        const v = v128.load(p);
        const finite = v128.and(v, f32x4.eq(f32x4.sub(v, v), f32x4.splat(0)));
        minima = lowest(minima, finite);
        maxima = highest(maxima, finite);
      }
      let low = minF32(minima);
      let high = maxF32(maxima);
      for (; p < end; p += 4) {
        const value = load<f32>(p);
        if (!isFiniteF32(value)) continue;
        low = min(low, value);
        high = max(high, value);
      }
      affine(x, count, <f64>low, <f64>high, bits, symmetric, y, out);
      x = end;
      if (y != 0) y += (<usize>count) << 2;
      left -= count;
    }
  }
}

/** Whether `n` float32, a multiple of four, are all finite: only those give 0 when subtracted from themselves. */
function allFinite(x: usize, n: i32): bool {
  let any = f32x4.splat(0);
  for (let end = x + ((<usize>n) << 2); x < end; x += 16) {
    const v = v128.load(x);
    any = v128.or(any, f32x4.sub(v, v));
  }
  return !v128.any_true(any);
}

/** A multiple of four finite values. */
function affineTile(x: usize, n: i32, scale: f64, divisor: f64, least: f64, most: f64, y: usize, out: usize): void {
  const within = f64x2.splat(WITHIN);
  const zero = f64x2.splat(0);
  const scales = f64x2.splat(scale);
  const divisors = f64x2.splat(divisor);
  const leasts = f64x2.splat(least);
  const mosts = f64x2.splat(most);
  let absolute = zero;
  let square = zero;
  let largest = zero;
  let near = zero;
  let product = zero;
  let squareX = zero;
  let squareY = zero;
  for (let end = x + ((<usize>n) << 2); x < end; x += 16) {
    const a = loadPair(x);
    const b = loadPair(x + 8);
    const a1 = f64x2.mul(scales, f64x2.pmin(f64x2.pmax(f64x2.nearest(f64x2.div(a, divisors)), leasts), mosts));
    const b1 = f64x2.mul(scales, f64x2.pmin(f64x2.pmax(f64x2.nearest(f64x2.div(b, divisors)), leasts), mosts));
    if (y != 0) {
      v128.store(y, v128.shuffle<f64>(f32x4.demote_f64x2_zero(a1), f32x4.demote_f64x2_zero(b1), 0, 2));
      y += 16;
    }
    const ae = f64x2.abs(f64x2.sub(a, a1));
    const be = f64x2.abs(f64x2.sub(b, b1));
    absolute = f64x2.add(absolute, f64x2.add(ae, be));
    square = f64x2.add(square, f64x2.add(f64x2.mul(ae, ae), f64x2.mul(be, be)));
    largest = f64x2.pmax(f64x2.pmax(largest, ae), be);
    const aNear = f64x2.le(ae, f64x2.mul(f64x2.abs(a), within));
    const bNear = f64x2.le(be, f64x2.mul(f64x2.abs(b), within));
    near = i64x2.sub(near, i64x2.add(aNear, bNear));
    product = f64x2.add(product, f64x2.add(f64x2.mul(a, a1), f64x2.mul(b, b1)));
    squareX = f64x2.add(squareX, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
    squareY = f64x2.add(squareY, f64x2.add(f64x2.mul(a1, a1), f64x2.mul(b1, b1)));
  }
  addErrors(out, n, sumF64(absolute), sumF64(square), maxF64(largest), sumI64(near), sumF64(product), sumF64(squareX), sumF64(squareY));
}

/** Any number of values, finite or not. */
function affineOneByOne(x: usize, n: i32, scale: f64, divisor: f64, least: f64, most: f64, y: usize, out: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 4) {
    const value = load<f32>(x);
    let result: f64 = 0;
    if (isFiniteF32(value)) {
      result = scale * min(max(nearest(<f64>value / divisor), least), most);
      addError(out, <f64>value, result);
    }
    if (y != 0) {
      store<f32>(y, <f32>result);
      y += 4;
    }
  }
}
