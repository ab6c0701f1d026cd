import { MAGIC, MAGIC_BITS, addCounts, increment, promoteHigh } from "./lanes";

/**
 * Bin of `value` in `bins` equal ones over [low, high], −1 outside or NaN. Float64 throughout:
 * floor((value − low) · bins / (high − low)), and the last bin holds `high`.
 */
export function binOf(value: f64, low: f64, high: f64, bins: i32): i32 {
  if (!(value >= low && value <= high)) return -1;
  return min(<i32>(((value - low) * <f64>bins) / (high - low)), bins - 1);
}

/**
 * Adds `n` float32 at `x` to the u32[bins] at `counts`, bins as in `binOf`. Values outside [low, high] and NaN are not
 * counted. `low < high`, both finite. `scratch` is u32[3 · bins]: each lane counts into its own table, so that
 * neighbouring values of one bin need not wait for each other.
 *
 * Four bins at a time are estimated in float32. The estimate t = (x − low) · bins / (high − low) carries four roundings
 * of at most 2^-24 · bins, and as much again where the scale is subnormal. So wherever t is farther than twice that,
 * 2^-20 · bins, from an edge, its floor is the exact one. Vectors with a lane nearer than that are computed in float64,
 * and those with a lane outside or NaN one by one.
 */
export function histogram(x: usize, n: i32, low: f64, high: f64, bins: i32, counts: usize, scratch: usize): void {
  if (!(low < high)) return;
  const size = (<usize>bins) << 2;
  memory.fill(scratch, 0, 3 * size);
  const scale = <f32>(<f64>bins / (high - low));
  const estimable = <f64>(<f32>low) == low && scale < Infinity;
  const safe: f32 = estimable ? <f32>(0.5 - <f64>bins / 1048576) : -1;
  const lows = f32x4.splat(<f32>low);
  const scales = f32x4.splat(scale);
  const half = f32x4.splat(0.5);
  const magic = f32x4.splat(MAGIC);
  const magicBits = i32x4.splat(MAGIC_BITS);
  const safeSquare = f32x4.splat(safe * abs(safe));
  const last = i32x4.splat(bins - 1);
  for (let end = x + ((<usize>(n & ~3)) << 2); x < end; x += 16) {
    // Shifted down by a half, rounding to nearest is the floor; at edges, where it might not be, the test below fails.
    const t = f32x4.sub(f32x4.mul(f32x4.sub(v128.load(x), lows), scales), half);
    const rounded = f32x4.add(t, magic);
    const index = i32x4.sub(rounded, magicBits);
    const distance = f32x4.sub(t, f32x4.sub(rounded, magic));
    // Squares spare the absolute value; a negative limit, for very many bins, admits nothing.
    const far = f32x4.le(f32x4.mul(distance, distance), safeSquare);
    // A magnitude too large for the rounding gives an index far above any `bins`; as unsigned, so does a negative one.
    if (i32x4.bitmask(v128.and(far, i32x4.le_u(index, last))) == 15) countLanes(index, counts, scratch, size);
    else countExactly(x, low, high, bins, counts, scratch);
  }
  countOneByOne(x, n & 3, low, high, bins, counts);
  addCounts(counts, scratch, bins);
  addCounts(counts, scratch + size, bins);
  addCounts(counts, scratch + 2 * size, bins);
}

/** One more in each lane's table; two 64-bit extractions are cheaper than four of 32 bits. */
function countLanes(index: v128, counts: usize, scratch: usize, size: usize): void {
  const a = i64x2.extract_lane(index, 0);
  const b = i64x2.extract_lane(index, 1);
  increment(counts, <u32>a);
  increment(scratch, <u32>(a >> 32));
  increment(scratch + size, <u32>b);
  increment(scratch + 2 * size, <u32>(b >> 32));
}

/** Four values in float64 lanes; one by one if any is outside. */
function countExactly(x: usize, low: f64, high: f64, bins: i32, counts: usize, scratch: usize): void {
  const v = v128.load(x);
  const a = f64x2.promote_low_f32x4(v);
  const b = promoteHigh(v);
  const lows = f64x2.splat(low);
  const highs = f64x2.splat(high);
  const aInside = v128.and(f64x2.ge(a, lows), f64x2.le(a, highs));
  const bInside = v128.and(f64x2.ge(b, lows), f64x2.le(b, highs));
  if (i64x2.bitmask(v128.and(aInside, bInside)) != 3) {
    countOneByOne(x, 4, low, high, bins, counts);
    return;
  }
  const width = f64x2.splat(high - low);
  const count = f64x2.splat(<f64>bins);
  const aBins = i32x4.trunc_sat_f64x2_s_zero(f64x2.div(f64x2.mul(f64x2.sub(a, lows), count), width));
  const bBins = i32x4.trunc_sat_f64x2_s_zero(f64x2.div(f64x2.mul(f64x2.sub(b, lows), count), width));
  const index = i32x4.min_s(v128.shuffle<i64>(aBins, bBins, 0, 2), i32x4.splat(bins - 1));
  countLanes(index, counts, scratch, (<usize>bins) << 2);
}

/** Any number of values, any of which may be outside or NaN. */
function countOneByOne(x: usize, n: i32, low: f64, high: f64, bins: i32, counts: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 4) {
    const bin = binOf(<f64>load<f32>(x), low, high, bins);
    if (bin >= 0) increment(counts, bin);
  }
}
