// Small pieces shared by the kernels. The compiler inlines all of them.

/** 1.5 · 2^23. Adding it to |v| < 2^22 leaves v, rounded half to even, in the low mantissa bits. */
export const MAGIC: f32 = 12582912;
/** Bit pattern of `MAGIC`. */
export const MAGIC_BITS: i32 = 0x4b400000;
/** Values per tile: float32 input of 8 KB stays in the first-level cache when a tile has to be read again. */
export const TILE: i32 = 2048;

/** Lanes 0 and 1 of two float32 at `address`, widened to float64: one instruction with its load. */
export function loadPair(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(address));
}

/** Float32 lanes 2 and 3, widened to float64. */
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

export function sumF64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

export function maxF64(v: v128): f64 {
  return max(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
}

export function sumI64(v: v128): f64 {
  return <f64>(i64x2.extract_lane(v, 0) + i64x2.extract_lane(v, 1));
}

export function sumI32(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/**
 * Running minimum. `pmin` with the accumulator first is one instruction and drops a NaN in `v`, where `f32x4.min` is
 * many; whoever calls this finds NaN another way.
 */
export function lowest(accumulator: v128, v: v128): v128 {
  return f32x4.pmin(accumulator, v);
}

/** Running maximum, the accumulator first for the same reason. */
export function highest(accumulator: v128, v: v128): v128 {
  return f32x4.pmax(accumulator, v);
}

/** Smallest of the four lanes. */
export function minF32(v: v128): f32 {
  const pairs = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmin(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Largest of the four lanes. */
export function maxF32(v: v128): f32 {
  const pairs = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Smallest lane of each of four vectors. */
export function minOfEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.pmin(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.pmin(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.pmin(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Largest lane of each of four vectors. */
export function maxOfEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.pmax(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.pmax(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.pmax(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Truncates four float32 of magnitude below 2^22 to int32; the saturating conversion takes several instructions. */
export function truncateToI32(v: v128): v128 {
  return integralToI32(f32x4.trunc(v));
}

/** Converts four float32 that are already integral, of magnitude below 2^22. */
export function integralToI32(v: v128): v128 {
  return i32x4.sub(f32x4.add(v, f32x4.splat(MAGIC)), i32x4.splat(MAGIC_BITS));
}

/** Rounds four float32 of magnitude below 2^22 half to even. */
export function roundEven(v: v128): v128 {
  return f32x4.sub(f32x4.add(v, f32x4.splat(MAGIC)), f32x4.splat(MAGIC));
}

/** Rounds one float32 of magnitude below 2^22 half to even, as ggml's `nearest_int` does. */
export function nearestInt(v: f32): i32 {
  return <i32>(reinterpret<u32>(v + MAGIC) & 0x007fffff) - 0x00400000;
}

/** The same of four; beyond that magnitude whatever ggml's bit trick gives. */
export function nearestIntLanes(v: v128): v128 {
  return i32x4.sub(v128.and(f32x4.add(v, f32x4.splat(MAGIC)), i32x4.splat(0x007fffff)), i32x4.splat(0x00400000));
}

/** Sixteen int32 to signed bytes. */
export function packSigned(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** Sixteen int32 to unsigned bytes. */
export function packUnsigned(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** One more in counter `index` of a table of u32. */
export function increment(table: usize, index: u32): void {
  const address = table + ((<usize>index) << 2);
  store<u32>(address, load<u32>(address) + 1);
}

/** Adds `count` u32 of `source` to `target`. */
export function addCounts(target: usize, source: usize, count: i32): void {
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4, target += 16, source += 16) v128.store(target, i32x4.add(v128.load(target), v128.load(source)));
  for (; i < count; i++, target += 4, source += 4) store<u32>(target, load<u32>(target) + load<u32>(source));
}

/** Adds to the float64 at `address`. */
export function accumulate(address: usize, value: f64): void {
  store<f64>(address, load<f64>(address) + value);
}

/** Whether a float32 is neither NaN nor infinite. */
export function isFiniteF32(value: f32): bool {
  return (reinterpret<u32>(value) & 0x7f800000) != 0x7f800000;
}
