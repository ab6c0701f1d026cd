// What the quantizers of plain blocks of 32 values share.
import { highest, lowest, maxF32, maxOfEach, minF32, minOfEach, packUnsigned, truncateToI32 } from "./lanes";

/** Four values of which one is the largest of 32. */
function highestLanes(x: usize): v128 {
  const low = highest(highest(v128.load(x), v128.load(x, 16)), highest(v128.load(x, 32), v128.load(x, 48)));
  const high = highest(highest(v128.load(x, 64), v128.load(x, 80)), highest(v128.load(x, 96), v128.load(x, 112)));
  return highest(low, high);
}

/** Four values of which one is the smallest of 32. */
function lowestLanes(x: usize): v128 {
  const low = lowest(lowest(v128.load(x), v128.load(x, 16)), lowest(v128.load(x, 32), v128.load(x, 48)));
  const high = lowest(lowest(v128.load(x, 64), v128.load(x, 80)), lowest(v128.load(x, 96), v128.load(x, 112)));
  return lowest(low, high);
}

/** Largest of 32 values. */
export function highestOf32(x: usize): f32 {
  return maxF32(highestLanes(x));
}

/** Smallest of 32 values; of zeros of both signs the first. */
export function lowestOf32(x: usize): f32 {
  const smallest = minF32(lowestLanes(x));
  return smallest != 0 ? smallest : firstOfMagnitude(x, 0);
}

/** The value of largest magnitude of 32: the first of several, +0 where all are zero, whatever their signs. */
export function extremeOf32(x: usize): f32 {
  const high = highestOf32(x);
  const low = lowestOf32(x);
  return high > -low ? high : high < -low ? low : high == 0 ? 0 : firstOfMagnitude(x, high);
}

/**
 * The values of largest magnitude of four times 32. Which sign has it is as good as random: a branch for it costs more than the
 * search, so there is one only for what is rare, that both have it.
 */
export function extremesOf32(x: usize): v128 {
  const high = maxOfEach(highestLanes(x), highestLanes(x + 128), highestLanes(x + 256), highestLanes(x + 384));
  const low = minOfEach(lowestLanes(x), lowestLanes(x + 128), lowestLanes(x + 256), lowestLanes(x + 384));
  const opposite = f32x4.neg(low);
  if (v128.any_true(f32x4.eq(high, opposite))) {
    return f32x4(extremeOf32(x), extremeOf32(x + 128), extremeOf32(x + 256), extremeOf32(x + 384));
  }
  return v128.bitselect(high, low, f32x4.gt(high, opposite));
}

/**
 * The first of 32 values that has the magnitude `magnitude`: which of +m and −m, or of +0 and −0, came first. Among NaN there may be
 * none; then the magnitude itself, for the search must not leave the block.
 */
export function firstOfMagnitude(x: usize, magnitude: f32): f32 {
  for (const end = x + 128; x < end; x += 4) if (abs(load<f32>(x)) == magnitude) return load<f32>(x);
  return magnitude;
}

/**
 * What codes are limited to. A block of denormal numbers has an infinite inverse; what C then makes of its products is 0
 * on x86-64.
 */
export function limitOf(inverse: v128, top: i32): v128 {
  return v128.andnot(i8x16.splat(<i8>top), f32x4.eq(f32x4.abs(inverse), f32x4.splat(Infinity)));
}

/** The scales of four blocks, binary16 in the low halves of 32-bit lanes, each at the start of its block of `stride` bytes. */
export function storeScales(halves: v128, target: usize, stride: usize): void {
  v128.store16_lane(target, halves, 0);
  v128.store16_lane(target + stride, halves, 2);
  v128.store16_lane(target + 2 * stride, halves, 4);
  v128.store16_lane(target + 3 * stride, halves, 6);
}

/** min(top, trunc((v − min) · inverse + bias)) of 16 values, as bytes. */
export function truncatedCodes(x: usize, min: v128, inverse: v128, bias: v128, top: v128): v128 {
  const codes = packUnsigned(
    code(f32x4.sub(v128.load(x), min), inverse, bias),
    code(f32x4.sub(v128.load(x, 16), min), inverse, bias),
    code(f32x4.sub(v128.load(x, 32), min), inverse, bias),
    code(f32x4.sub(v128.load(x, 48), min), inverse, bias),
  );
  return i8x16.min_u(codes, top);
}

/** The same for a min of 0. */
export function codesFromZero(x: usize, inverse: v128, bias: v128, top: v128): v128 {
  const codes = packUnsigned(
    code(v128.load(x), inverse, bias),
    code(v128.load(x, 16), inverse, bias),
    code(v128.load(x, 32), inverse, bias),
    code(v128.load(x, 48), inverse, bias),
  );
  return i8x16.min_u(codes, top);
}

function code(v: v128, inverse: v128, bias: v128): v128 {
  return truncateToI32(f32x4.add(f32x4.mul(v, inverse), bias));
}

/** Nibbles of 32 codes: code j in the low and j + 16 in the high half of byte j. */
export function storeNibbles(first: v128, second: v128, target: usize): void {
  const low = i8x16.splat(15);
  v128.store(target, v128.or(v128.and(first, low), i16x8.shl(v128.and(second, low), 4)));
}

/** 32 codes of five bits: their top bits, that of code j at bit j, then the nibbles. */
export function storeFiveBits(first: v128, second: v128, target: usize): void {
  store<u32>(target, i8x16.bitmask(i16x8.shl(first, 3)) | (i8x16.bitmask(i16x8.shl(second, 3)) << 16));
  storeNibbles(first, second, target + 4);
}
