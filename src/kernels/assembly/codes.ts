import { nearestIntLanes, packUnsigned } from "./lanes";
import { CODES, INVERSES, MINS, MINS_USED, SCALES } from "./subBlocks";

/**
 * Writes the codes of a super-block's 256 values to `CODES`: (x + min) / scale, rounded, limited to low … low + top, less low, with
 * scale and minimum of each sub-block of `length` as they were stored, from `SCALES` and `MINS`. Where that scale is 0, ggml keeps the codes of the
 * search, made with the search's own inverse scale and minimum; a sub-block in which the search saw no scale has codes 0.
 */
export function writeCodes(x: usize, length: usize, low: i32, top: i32, scratch: usize): void {
  const shift = ctz(length);
  for (let at: usize = 0; at < 256; at += 16, x += 64) {
    const j = scratch + ((at >> shift) << 2);
    const codes = load<f32>(j, SCALES) != 0 ? codesByScale(x, j, low, top) : codesBySearch(x, j, low, top);
    v128.store(scratch + at, codes, CODES);
  }
}

/** Of sixteen values: (x + min) / scale. `results` is scratch + 4 · sub-block. */
function codesByScale(x: usize, results: usize, low: i32, top: i32): v128 {
  const scale = v128.load32_splat(results, SCALES);
  const min = v128.load32_splat(results, MINS);
  return codesOf(
    f32x4.div(f32x4.add(v128.load(x), min), scale),
    f32x4.div(f32x4.add(v128.load(x, 16), min), scale),
    f32x4.div(f32x4.add(v128.load(x, 32), min), scale),
    f32x4.div(f32x4.add(v128.load(x, 48), min), scale),
    low,
    top,
  );
}

/** The same by the search: (x − min) · inverse scale; 0 where it saw none. */
export function codesBySearch(x: usize, results: usize, low: i32, top: i32): v128 {
  if (load<f32>(results, INVERSES) == 0) return i8x16.splat(0);
  const inverse = v128.load32_splat(results, INVERSES);
  const min = v128.load32_splat(results, MINS_USED);
  return codesOf(
    f32x4.mul(inverse, f32x4.sub(v128.load(x), min)),
    f32x4.mul(inverse, f32x4.sub(v128.load(x, 16), min)),
    f32x4.mul(inverse, f32x4.sub(v128.load(x, 32), min)),
    f32x4.mul(inverse, f32x4.sub(v128.load(x, 48), min)),
    low,
    top,
  );
}

/** clamp(rint(v), low, low + top) − low of 16 values, as bytes. */
function codesOf(a: v128, b: v128, c: v128, d: v128, low: i32, top: i32): v128 {
  return packUnsigned(codeOf(a, low, top), codeOf(b, low, top), codeOf(c, low, top), codeOf(d, low, top));
}

function codeOf(v: v128, low: i32, top: i32): v128 {
  const rounded = i32x4.max_s(i32x4.min_s(nearestIntLanes(v), i32x4.splat(low + top)), i32x4.splat(low));
  return i32x4.sub(rounded, i32x4.splat(low));
}
