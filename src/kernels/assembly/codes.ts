import { f16ToF32, f32ToF16 } from "./half";
import { nearestInt, nearestIntLanes, packUnsigned } from "./lanes";
import { CODES, INVERSES, MINS, MINS_USED, SCALES, SCALE_CODES } from "./subBlocks";

/**
 * Writes the codes of a super-block's 256 values to `CODES`: (x + min) / scale, rounded, limited to low … low + top, less low, with
 * scale and minimum of each sub-block of `length` as they were stored, from `SCALES` and `MINS`. Where that scale is 0, ggml keeps the codes of the
 * search, made with the search's own inverse scale and minimum; a sub-block in which the search saw no scale has codes 0.
 */
export function writeCodes(x: usize, length: usize, low: i32, top: i32, scratch: usize): void {
  const shift = ctz(length);
  for (let at: usize = 0; at < 256; at += 16, x += 64) {
    const j = scratch + ((at >> shift) << 2);
    const a = v128.load(x);
    const b = v128.load(x, 16);
    const c = v128.load(x, 32);
    const d = v128.load(x, 48);
    let codes = i8x16.splat(0);
    if (load<f32>(j, SCALES) != 0) {
      const scale = v128.load32_splat(j, SCALES);
      const min = v128.load32_splat(j, MINS);
      codes = codesOf(
        f32x4.div(f32x4.add(a, min), scale),
        f32x4.div(f32x4.add(b, min), scale),
        f32x4.div(f32x4.add(c, min), scale),
        f32x4.div(f32x4.add(d, min), scale),
        low,
        top,
      );
    } else if (load<f32>(j, INVERSES) != 0) {
      const inverse = v128.load32_splat(j, INVERSES);
      const min = v128.load32_splat(j, MINS_USED);
      codes = codesOf(
        f32x4.mul(inverse, f32x4.sub(a, min)),
        f32x4.mul(inverse, f32x4.sub(b, min)),
        f32x4.mul(inverse, f32x4.sub(c, min)),
        f32x4.mul(inverse, f32x4.sub(d, min)),
        low,
        top,
      );
    }
    v128.store(scratch + at, codes, CODES);
  }
}

/** clamp(rint(v), low, low + top) − low of 16 values, as bytes. */
function codesOf(a: v128, b: v128, c: v128, d: v128, low: i32, top: i32): v128 {
  return packUnsigned(codeOf(a, low, top), codeOf(b, low, top), codeOf(c, low, top), codeOf(d, low, top));
}

function codeOf(v: v128, low: i32, top: i32): v128 {
  const rounded = i32x4.max_s(i32x4.min_s(nearestIntLanes(v), i32x4.splat(low + top)), i32x4.splat(low));
  return i32x4.sub(rounded, i32x4.splat(low));
}

/**
 * Codes 0 … top, one a byte, of the `count` float32 at `values`, none negative, under one factor: their largest / top, in binary16.
 * Then each value is replaced by what its code stands for.
 *
 * @returns the factor's bits
 */
export function roundUnderFactor(values: usize, count: usize, top: i32, codes: usize): u32 {
  let largest: f32 = 0;
  for (let i: usize = 0; i < count; i++) largest = max(largest, load<f32>(values + (i << 2)));
  const inverse: f32 = largest > 0 ? <f32>top / largest : 0;
  const stored = f32ToF16(largest / <f32>top);
  const factor = f16ToF32(stored);
  for (let i: usize = 0; i < count; i++) {
    const value = values + (i << 2);
    // ggml keeps the rounded value in a byte before it takes the smaller of it and the top.
    const code = min(top, nearestInt(inverse * load<f32>(value)) & 255);
    store<u8>(codes + i, code);
    store<f32>(value, factor * <f32>code);
  }
  return stored;
}

/**
 * Rounds the sixteen scales of a super-block to signed codes −limit … limit − 1 under a common factor, which gives `largest`, the one of
 * largest magnitude, the code −limit. Leaves the codes in `SCALE_CODES` and in `SCALES` what they stand for.
 *
 * @returns the factor's bits; 0, like all codes, where `largest` is 0
 */
export function roundSigned(scratch: usize, largest: f32, limit: i32): u32 {
  const inverse: f32 = largest != 0 ? -(<f32>limit) / largest : 0;
  const stored: u32 = largest != 0 ? f32ToF16(1 / inverse) : 0;
  const factor = f16ToF32(stored);
  for (let j: usize = 0; j < 16; j++) {
    const scale = scratch + (j << 2);
    const code = max(-limit, min(limit - 1, nearestInt(inverse * load<f32>(scale, SCALES))));
    store<u8>(scratch + j, code, SCALE_CODES);
    store<f32>(scale, factor * <f32>code, SCALES);
  }
  return stored;
}
