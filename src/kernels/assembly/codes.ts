import { nearestInt, nearestIntLanes, packUnsigned } from "./lanes";
import { CODES, INVERSES, MINS_USED } from "./subBlocks";

/**
 * Writes the codes low … low + top of sub-block `j`, less `low`, to its place in `CODES`: (x + min) / step rounded, for a step and
 * minimum as the file holds them. Where that step is 0, ggml keeps the codes of the search, made with the search's own inverse
 * scale and minimum; a sub-block in which the search saw no scale has codes 0.
 */
export function writeCodes(x: usize, j: usize, length: usize, step: f32, min: f32, low: i32, top: i32, scratch: usize): void {
  const inverse = load<f32>(scratch + (j << 2), INVERSES);
  const minUsed = load<f32>(scratch + (j << 2), MINS_USED);
  let codes = scratch + CODES + j * length;
  for (const end = codes + length; codes < end; codes += 16, x += 64) {
    if (step != 0) v128.store(codes, codesByStep(x, f32x4.splat(min), f32x4.splat(step), low, top));
    else if (inverse != 0) v128.store(codes, codesByInverse(x, f32x4.splat(minUsed), f32x4.splat(inverse), low, top));
    else v128.store(codes, i8x16.splat(0));
  }
}

/** clamp(rint((v + min) / step), low, low + top) − low of 16 values, as bytes. */
export function codesByStep(x: usize, min: v128, step: v128, low: i32, top: i32): v128 {
  return codesOf(
    f32x4.div(f32x4.add(v128.load(x), min), step),
    f32x4.div(f32x4.add(v128.load(x, 16), min), step),
    f32x4.div(f32x4.add(v128.load(x, 32), min), step),
    f32x4.div(f32x4.add(v128.load(x, 48), min), step),
    low,
    top,
  );
}

/** The same of inverse · (v − min). */
function codesByInverse(x: usize, min: v128, inverse: v128, low: i32, top: i32): v128 {
  return codesOf(
    f32x4.mul(inverse, f32x4.sub(v128.load(x), min)),
    f32x4.mul(inverse, f32x4.sub(v128.load(x, 16), min)),
    f32x4.mul(inverse, f32x4.sub(v128.load(x, 32), min)),
    f32x4.mul(inverse, f32x4.sub(v128.load(x, 48), min)),
    low,
    top,
  );
}

function codesOf(a: v128, b: v128, c: v128, d: v128, low: i32, top: i32): v128 {
  return packUnsigned(codeOf(a, low, top), codeOf(b, low, top), codeOf(c, low, top), codeOf(d, low, top));
}

function codeOf(v: v128, low: i32, top: i32): v128 {
  const rounded = i32x4.max_s(i32x4.min_s(nearestIntLanes(v), i32x4.splat(low + top)), i32x4.splat(low));
  return i32x4.sub(rounded, i32x4.splat(low));
}

/**
 * Codes 0 … top, one a byte, of `count` float32 that are not negative, under their largest / top.
 *
 * @returns that factor; 0 where all are 0
 */
export function roundUnderFactor(values: usize, count: usize, top: i32, codes: usize): f32 {
  let largest: f32 = 0;
  for (let i: usize = 0; i < count; i++) largest = max(largest, load<f32>(values + (i << 2)));
  const inverse: f32 = largest > 0 ? <f32>top / largest : 0;
  // ggml stores the rounded value in a byte before it takes the smaller of it and the top.
  for (let i: usize = 0; i < count; i++) store<u8>(codes + i, min(top, nearestInt(inverse * load<f32>(values + (i << 2))) & 255));
  return largest / <f32>top;
}
