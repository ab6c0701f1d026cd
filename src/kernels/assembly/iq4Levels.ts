import { packUnsigned } from "./lanes";

/** The 16 levels of IQ4_NL and IQ4_XS, as signed bytes. */
export function levels(): v128 {
  return i8x16(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
}

/**
 * Codes of the levels nearest to four float32, the upper one where both are as near: 15 less the midpoints not reached. Next to a
 * midpoint the differences that ggml compares are exact, so this is its choice, NaN included.
 */
export function nearestCode(v: v128): v128 {
  let code = i32x4.add(i32x4.splat(15), f32x4.lt(v, f32x4.splat(-115.5)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(-93.5)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(-74)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(-57)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(-42)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(-28.5)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(-16)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(-4.5)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(7)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(19)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(31.5)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(45.5)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(61)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(79)));
  code = i32x4.add(code, f32x4.lt(v, f32x4.splat(101)));
  return code;
}

/** The nearest levels, as float32. */
export function nearestLevel(v: v128): v128 {
  const bytes = i8x16.swizzle(levels(), nearestCode(v));
  return f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(bytes, 24), 24));
}

/** Codes of the levels nearest to inverse · v of 16 values, as bytes. */
export function nearestCodes(x: usize, inverse: v128): v128 {
  return packUnsigned(
    nearestCode(f32x4.mul(inverse, v128.load(x))),
    nearestCode(f32x4.mul(inverse, v128.load(x, 16))),
    nearestCode(f32x4.mul(inverse, v128.load(x, 32))),
    nearestCode(f32x4.mul(inverse, v128.load(x, 48))),
  );
}
