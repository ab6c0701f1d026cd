import { f16ToF32, f32ToF16 } from "./half";
import { integralToI32, nearestInt, packUnsigned, roundEven } from "./lanes";
import { INVERSES, MINS, MINS_USED, SCALES, searchScaleAndMin } from "./searchScaleAndMin";

/** Scratch behind the search's own: 256 codes, one a byte. */
const CODES: usize = 1664;

/**
 * `n` float32 (a multiple of 256) to ggml's Q4_K super-blocks: eight sub-blocks of 32 with six-bit scales and mins under
 * two binary16 factors, found by a weighted least-squares search. Bytes equal ggml's `quantize_row_q4_K_ref` for finite
 * values: every lane performs ggml's scalar order of operations. `scratch` is 1920 bytes, 16-byte aligned.
 */
export function quantizeQ4_K(x: usize, n: i32, target: usize, scratch: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 1024, target += 144) {
    searchScaleAndMin(x, scratch, 0);
    searchScaleAndMin(x + 512, scratch, 16);
    quantizeWithScales(x, target, scratch);
    packCodes(scratch + CODES, target + 16);
  }
}

/** Rounds the eight scales and mins to six bits under common factors, then the values to codes with what was stored. */
function quantizeWithScales(x: usize, target: usize, scratch: usize): void {
  let maxScale: f32 = 0;
  let maxMin: f32 = 0;
  for (let j: usize = 0; j < 32; j += 4) {
    maxScale = max(maxScale, load<f32>(scratch + j, SCALES));
    maxMin = max(maxMin, load<f32>(scratch + j, MINS));
  }
  const inverseScale: f32 = maxScale > 0 ? <f32>63 / maxScale : 0;
  const inverseMin: f32 = maxMin > 0 ? <f32>63 / maxMin : 0;
  const d = f32ToF16(maxScale / 63);
  const dmin = f32ToF16(maxMin / 63);
  store<u16>(target, d);
  store<u16>(target, dmin, 2);
  const storedScale = f16ToF32(d);
  const storedMin = f16ToF32(dmin);
  for (let j: usize = 0; j < 8; j++) {
    const result = scratch + (j << 2);
    const scale = sixBits(inverseScale * load<f32>(result, SCALES));
    const min = sixBits(inverseMin * load<f32>(result, MINS));
    packScaleAndMin(target + 4, j, scale, min);
    const step: f32 = storedScale * <f32>scale;
    const values = x + (j << 7);
    const codes = scratch + CODES + (j << 5);
    if (step == 0) codesOfSearch(values, load<f32>(result, INVERSES), load<f32>(result, MINS_USED), codes);
    else codesOf(values, step, storedMin * <f32>min, codes);
  }
}

/** ggml stores the rounded value in a byte before it takes the smaller of it and 63. */
function sixBits(value: f32): i32 {
  return min(63, nearestInt(value) & 255);
}

/** The first four pairs take six bits of a byte each; the others are split in four bits and the two left over there. */
function packScaleAndMin(packed: usize, j: usize, scale: i32, min: i32): void {
  if (j < 4) {
    store<u8>(packed + j, scale);
    store<u8>(packed + j, min, 4);
  } else {
    store<u8>(packed + j, (scale & 15) | ((min & 15) << 4), 4);
    store<u8>(packed + j - 4, load<u8>(packed + j - 4) | ((scale >> 4) << 6));
    store<u8>(packed + j, load<u8>(packed + j) | ((min >> 4) << 6));
  }
}

/** Codes of 32 values in a step and minimum as the file holds them. */
function codesOf(x: usize, step: f32, min: f32, codes: usize): void {
  const steps = f32x4.splat(step);
  const mins = f32x4.splat(min);
  for (let half: usize = 0; half < 2; half++, x += 64, codes += 16) {
    v128.store(
      codes,
      packUnsigned(
        code(v128.load(x), mins, steps),
        code(v128.load(x, 16), mins, steps),
        code(v128.load(x, 32), mins, steps),
        code(v128.load(x, 48), mins, steps),
      ),
    );
  }
}

function code(v: v128, mins: v128, steps: v128): v128 {
  const rounded = roundEven(f32x4.div(f32x4.add(v, mins), steps));
  return integralToI32(f32x4.pmin(f32x4.splat(15), f32x4.pmax(f32x4.splat(0), rounded)));
}

/** Where the stored scale is 0, ggml keeps the codes of the search, made with the search's own scale and minimum. */
function codesOfSearch(x: usize, inverse: f32, min: f32, codes: usize): void {
  for (let i: usize = 0; i < 32; i++) {
    const rounded = nearestInt(inverse * (load<f32>(x + (i << 2)) - min));
    store<u8>(codes + i, rounded < 0 ? 0 : rounded > 15 ? 15 : rounded);
  }
}

/** Sub-block 2c goes to the low and 2c + 1 to the high nibbles of 32 bytes. */
function packCodes(codes: usize, target: usize): void {
  for (let chunk: usize = 0; chunk < 4; chunk++, codes += 64, target += 32) {
    v128.store(target, v128.or(v128.load(codes), i16x8.shl(v128.load(codes, 32), 4)));
    v128.store(target, v128.or(v128.load(codes, 16), i16x8.shl(v128.load(codes, 48), 4)), 16);
  }
}
