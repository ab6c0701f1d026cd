import { highest, isFiniteF32, maxF32, packUnsigned } from "./lanes";

// Tables of a code book of 16 values, as `layout.ts` has them: midpoints, values by code, codes in ascending order.
const VALUES: usize = 64;
const ORDER: usize = 128;

/**
 * bitsandbytes' 4-bit codes, one a byte, of `n` float32 in blocks of `block` (a multiple of 16; the last may be short): the
 * value of the book nearest to x · (1 / max(absmax, 1e−38)), in a short last block to x / max(absmax, 1e−38), the lower of two equally near. Values that are not finite count
 * as 0. Writes each block's largest magnitude to `absmax`.
 */
export function quantizeBlocks4(x: usize, n: i32, block: i32, book: usize, codes: usize, absmax: usize): void {
  for (let left = n; left > 0; left -= block, absmax += 4) {
    const count = min(left, block);
    const largest = largestFinite(x, count);
    const divisor = max<f32>(largest, 1e-38);
    if (count < block) {
      store<f32>(absmax, divisor);
      for (const end = x + ((<usize>count) << 2); x < end; x += 4, codes++) {
        const value = load<f32>(x);
        const at = placeOf(isFiniteF32(value) ? value / divisor : 0, book);
        store<u8>(codes, load<u8>(book + at, ORDER));
      }
      return;
    }
    store<f32>(absmax, largest);
    const inverse = <f32>1 / divisor;
    for (let i: i32 = 0; i < count; i += 16, x += 64, codes += 16) {
      const places = packUnsigned(
        place(v128.load(x), inverse, book),
        place(v128.load(x, 16), inverse, book),
        place(v128.load(x, 32), inverse, book),
        place(v128.load(x, 48), inverse, book),
      );
      v128.store(codes, i8x16.swizzle(v128.load(book, ORDER), places));
    }
  }
}

/** The values that codes stand for: value of the code · absmax of its block. */
export function dequantizeBlocks4(codes: usize, n: i32, block: i32, book: usize, absmax: usize, y: usize): void {
  for (let left = n; left > 0; left -= block, absmax += 4) {
    const scale = load<f32>(absmax);
    for (const end = codes + <usize>min(left, block); codes < end; codes++, y += 4) {
      store<f32>(y, load<f32>(book + ((<usize>load<u8>(codes)) << 2), VALUES) * scale);
    }
  }
}

/** How many of the 15 midpoints lie below a value. */
function placeOf(value: f32, book: usize): usize {
  let found: usize = 0;
  for (let k: usize = 0; k < 60; k += 4) if (value > load<f32>(book + k)) found++;
  return found;
}

/** How many of the 15 midpoints lie below each of four values. */
function place(stored: v128, inverse: f32, book: usize): v128 {
  const finite = f32x4.eq(f32x4.sub(stored, stored), f32x4.splat(0));
  const scaled = f32x4.mul(v128.and(stored, finite), f32x4.splat(inverse));
  let places = i32x4.splat(0);
  for (let k: usize = 0; k < 60; k += 4) places = i32x4.sub(places, f32x4.gt(scaled, v128.load32_splat(book + k)));
  return places;
}

function largestFinite(x: usize, n: i32): f32 {
  let maxima = f32x4.splat(0);
  const end = x + ((<usize>n) << 2);
  for (; x + 16 <= end; x += 16) {
    const v = v128.load(x);
    const finite = f32x4.eq(f32x4.sub(v, v), f32x4.splat(0));
    maxima = highest(maxima, v128.and(f32x4.abs(v), finite));
  }
  let largest = maxF32(maxima);
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    if (isFiniteF32(value)) largest = max(largest, abs(value));
  }
  return largest;
}
