// A super-block of 256 values as the searches want it: sub-blocks side by side, one in each lane. A search is
// sequential within a sub-block, but sub-blocks are independent, so every lane does exactly ggml's scalar order of
// operations, divisions included, and the bytes come out the same.
//
// Areas of 64 vectors each, the values first: as byte offsets from there, so that one address reaches all of a vector's
// companions. Vector i of group g (four sub-blocks of `length` values) is vector g · length + i.

/** Weights of the values. */
export const WEIGHTS: usize = 1024;
/** Weight · value. */
export const PRODUCTS: usize = 2048;
/** Codes, as float32. */
export const LEVELS: usize = 3072;

// Results of the searches: float32[16] each, by sub-block.
/** Scale. */
export const SCALES: usize = 4096;
/** Minimum, negated, so never negative. */
export const MINS: usize = 4160;
/** Inverse scale that made the codes of the accepted candidate; 0 where all codes are 0. */
export const INVERSES: usize = 4224;
/** Minimum (not negated) that was subtracted for those codes. */
export const MINS_USED: usize = 4288;

/** Sum of the importance weights. */
export const SUMS: usize = 4352;

/** Added to the address of results: one more search, with its results between these and the rest. */
export const FACTOR: usize = 320;

/** Vectors that a fit of scales tries: three of inverse factors and their errors. */
export const TRIALS: usize = 4672;
/** u8[16]: stored scale of each sub-block. */
export const SCALE_CODES: usize = 4768;
/** u8[16]: stored minimum of each sub-block. */
export const MIN_CODES: usize = 4784;
/** u8[256]: stored codes. */
export const CODES: usize = 4800;

/** Runs of `length` values, four at a time, become vectors whose lane j holds run j. */
export function transpose(x: usize, length: usize, target: usize): void {
  const run = length << 2;
  for (const end = x + 1024; x < end; x += 3 * run) {
    for (const runEnd = x + run; x < runEnd; x += 16, target += 64) {
      const a = v128.load(x);
      const b = v128.load(x + run);
      const c = v128.load(x + 2 * run);
      const d = v128.load(x + 3 * run);
      const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd01 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const cd23 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<f64>(ab01, cd01, 0, 2));
      v128.store(target, v128.shuffle<f64>(ab01, cd01, 1, 3), 16);
      v128.store(target, v128.shuffle<f64>(ab23, cd23, 0, 2), 32);
      v128.store(target, v128.shuffle<f64>(ab23, cd23, 1, 3), 48);
    }
  }
}

/** Weights x². */
export function weighBySquare(values: usize): void {
  for (const end = values + 1024; values < end; values += 16) {
    const v = v128.load(values);
    v128.store(values, f32x4.mul(v, v), WEIGHTS);
  }
}

/** Weights |x|. */
export function weighByMagnitude(values: usize): void {
  for (const end = values + 1024; values < end; values += 16) v128.store(values, f32x4.abs(v128.load(values)), WEIGHTS);
}

/** Weights sqrt(mean square of the sub-block) + |x|, for sub-blocks of 32. */
export function weighByRms(values: usize): void {
  for (const end = values + 1024; values < end;) {
    const groupEnd = values + 512;
    let squares = f32x4.splat(0);
    for (let p = values; p < groupEnd; p += 16) {
      const v = v128.load(p);
      squares = f32x4.add(squares, f32x4.mul(v, v));
    }
    const rms = f32x4.sqrt(f32x4.mul(squares, f32x4.splat(1.0 / 32)));
    for (; values < groupEnd; values += 16) v128.store(values, f32x4.add(rms, f32x4.abs(v128.load(values))), WEIGHTS);
  }
}

/** The value of largest magnitude of the `count` float32 at `p`: the first of several, +0 where all are zero. */
export function extreme(p: usize, count: usize): f32 {
  let found: f32 = 0;
  for (const end = p + (count << 2); p < end; p += 4) {
    const value = load<f32>(p);
    if (abs(found) < abs(value)) found = value;
  }
  return found;
}

/** The same of `count` vectors, lane by lane. */
export function extremeLanes(p: usize, count: usize): v128 {
  const end = p + (count << 4);
  let high = v128.load(p);
  let low = high;
  for (let q = p + 16; q < end; q += 16) {
    const v = v128.load(q);
    high = f32x4.pmax(high, v);
    low = f32x4.pmin(low, v);
  }
  const opposite = f32x4.neg(low);
  const isHigh = f32x4.gt(high, opposite);
  if (i32x4.all_true(v128.or(isHigh, f32x4.lt(high, opposite)))) return v128.bitselect(high, low, isHigh);
  // Both signs, nothing but zeros, or no number first: then order counts.
  let found = f32x4.splat(0);
  for (; p < end; p += 16) {
    const v = v128.load(p);
    found = v128.bitselect(v, found, f32x4.lt(f32x4.abs(found), f32x4.abs(v)));
  }
  return found;
}
