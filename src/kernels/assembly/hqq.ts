import { accumulate, highest, lowest, maxF32, minF32, sumF64 } from "./lanes";

/**
 * Where a value's error is not above this, the search's shrinkage leaves nothing of it (m ≤ 0.1 · m^−0.3), and no power need be
 * taken. Weights' errors are nearly always far below.
 */
const SMALL: f32 = 0.17;

/**
 * HQQ's search over groups of `size` (a multiple of 4) of the `n` float32 at `x`: scale and zero from the group's range, then
 * `passes` moves of the zero. Adds Σ|x − x̂| before each to the float64 at `errors`, which has room for twice as many, unless it is 0, and, if `y` is not 0, writes the values
 * that the codes then stand for. Values that are not finite count as 0.
 *
 * Stops at the first group with an error above {@link SMALL}. Returns how many values are done: all, or those before it.
 */
export function hqqGroups(x: usize, n: i32, size: i32, bits: i32, passes: i32, errors: usize, y: usize): i32 {
  const top = <f32>((1 << bits) - 1);
  const bytes = (<usize>size) << 2;
  for (let done: i32 = 0; done < n; done += size, x += bytes) {
    const end = x + bytes;
    let minima = f32x4.splat(Infinity);
    let maxima = f32x4.splat(-Infinity);
    for (let p = x; p < end; p += 16) {
      const v = v128.load(p);
      const finite = f32x4.eq(f32x4.sub(v, v), f32x4.splat(0));
      minima = lowest(minima, v128.bitselect(v, f32x4.splat(Infinity), finite));
      maxima = highest(maxima, v128.bitselect(v, f32x4.splat(-Infinity), finite));
    }
    const low = minF32(minima);
    const high = maxF32(maxima);
    const width = high - low;
    let scale: f32 = 1;
    let zero: f32 = 0;
    if (low <= high) {
      if (<f64>width > 1e-4) scale = min<f32>((<f32>1 / width) * top, 2e4);
      zero = -low * scale;
      if (bits == 4) zero = nearest(zero);
    }
    // Sums of a group that is given back must not count: they are added when all of its passes are known to be small.
    const held = errors + ((<usize>passes) << 3);
    for (let pass: i32 = 0; pass < passes; pass++) {
      const error = held + ((<usize>pass) << 3);
      const moved = movedZero(x, end, scale, zero, top, errors == 0 ? 0 : error);
      if (moved != moved) return done;
      if (moved == zero) {
        // Nothing changes any more, and neither does the error.
        if (errors != 0) fillAfter(error, held + ((<usize>passes) << 3));
        break;
      }
      zero = moved;
    }
    if (errors != 0) {
      for (let p = errors; p < held; p += 8) accumulate(p, load<f64>(p + (held - errors)));
    }
    if (y != 0) {
      for (let p = x; p < end; p += 16, y += 16) {
        const v = v128.load(p);
        const finite = f32x4.eq(f32x4.sub(v, v), f32x4.splat(0));
        v128.store(y, v128.and(valueOf(codeOf(v128.and(v, finite), scale, zero, top), scale, zero), finite));
      }
    }
  }
  return n;
}

/** Repeats the float64 at `from` up to before `end`. */
function fillAfter(from: usize, end: usize): void {
  const value = load<f64>(from);
  for (let p = from + 8; p < end; p += 8) store<f64>(p, value);
}

/** One pass: the group's zero moved, NaN where an error is too large. Writes Σ|x − x̂| to `error` unless it is 0. */
function movedZero(x: usize, end: usize, scale: f32, zero: f32, top: f32, error: usize): f32 {
  const size = <f32>((<i32>(end - x)) >> 2);
  const scales = f32x4.splat(scale);
  let absolute = f64x2.splat(0);
  let sum = f64x2.splat(0);
  let most = f32x4.splat(0);
  for (; x < end; x += 16) {
    const stored = v128.load(x);
    const v = v128.and(stored, f32x4.eq(f32x4.sub(stored, stored), f32x4.splat(0)));
    const code = codeOf(v, scale, zero, top);
    const magnitude = f32x4.abs(f32x4.sub(v, valueOf(code, scale, zero)));
    most = highest(most, magnitude);
    if (error != 0) absolute = f64x2.add(absolute, pairs(magnitude));
    sum = f64x2.add(sum, pairs(f32x4.sub(code, f32x4.mul(v, scales))));
  }
  if (maxF32(most) > SMALL) return NaN;
  if (error != 0) store<f64>(error, sumF64(absolute));
  return <f32>(sumF64(sum) / <f64>size);
}

/** Sums of lanes 0 and 2, 1 and 3, in float64. */
function pairs(v: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)));
}

function codeOf(v: v128, scale: f32, zero: f32, top: f32): v128 {
  const code = f32x4.nearest(f32x4.add(f32x4.mul(v, f32x4.splat(scale)), f32x4.splat(zero)));
  return f32x4.pmin(f32x4.pmax(code, f32x4.splat(0)), f32x4.splat(top));
}

function valueOf(code: v128, scale: f32, zero: f32): v128 {
  return f32x4.div(f32x4.sub(code, f32x4.splat(zero)), f32x4.splat(scale));
}
