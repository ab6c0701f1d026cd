import { highest, lowest, roundEven } from "./lanes";
import { INVERSES, LEVELS, MINS, MINS_USED, SCALES, WEIGHTS } from "./subBlocks";

/**
 * Scale and minimum of all sub-blocks of `length` values of a super-block. See {@link searchGroup}.
 *
 * @param top largest code
 * @param first candidate s has inverse scale (first + delta · s + top) / range
 * @param steps index of the last candidate
 * @param absolute whether errors are absolute, not squared
 */
export function searchScaleAndMin(scratch: usize, length: usize, top: f32, first: f32, delta: f32, steps: i32, absolute: bool): void {
  let results = scratch;
  for (const end = scratch + 1024; scratch < end; scratch += length << 4, results += 16)
    searchGroup(scratch, length, top, first, delta, steps, absolute, results);
}

/** The same by the weights of an importance matrix: ggml's candidates there, and squared errors. */
export function searchByImportance(scratch: usize, length: usize, top: f32): void {
  searchScaleAndMin(scratch, length, top, -0.9, 0.05, 36, false);
}

/**
 * ggml's `make_qkx2_quants` and `make_qkx3_quants` with the weights in their area, for four sub-blocks: the grid with the least weighted error.
 *
 * @param values vectors of a group in their area
 * @param results scratch + 16 · group
 */
function searchGroup(values: usize, length: usize, top: f32, first: f32, delta: f32, steps: i32, absolute: bool, results: usize): void {
  const end = values + (length << 4);
  const zero = f32x4.splat(0);
  const tops = f32x4.splat(top);
  let min = v128.load(values);
  let max = min;
  let sumW = v128.load(values, WEIGHTS);
  let sumX = f32x4.mul(sumW, min);
  for (let p = values + 16; p < end; p += 16) {
    const v = v128.load(p);
    const w = v128.load(p, WEIGHTS);
    min = lowest(min, v);
    max = highest(max, v);
    sumW = f32x4.add(sumW, w);
    sumX = f32x4.add(sumX, f32x4.mul(w, v));
  }
  min = lowest(min, zero);
  const flat = f32x4.le(max, min);

  let bestInverse = f32x4.div(tops, f32x4.sub(max, min));
  let bestScale = f32x4.div(f32x4.splat(1), bestInverse);
  for (let p = values; p < end; p += 16) v128.store(p, level(v128.load(p), min, bestInverse, tops), LEVELS);
  let bestError = absolute ? absoluteError(values, end, bestScale, min) : squaredError(values, end, bestScale, min);
  let bestMin = min;
  let minUsed = min;

  for (let step: i32 = 0; step <= steps; step++) {
    const inverse = f32x4.div(f32x4.splat(first + delta * <f32>step + top), f32x4.sub(max, bestMin));
    let sumL = zero;
    let sumL2 = zero;
    let sumXL = zero;
    for (let p = values; p < end; p += 16) {
      const v = v128.load(p);
      const l = level(v, bestMin, inverse, tops);
      v128.store(p, l, LEVELS);
      const wl = f32x4.mul(v128.load(p, WEIGHTS), l);
      sumL = f32x4.add(sumL, wl);
      sumL2 = f32x4.add(sumL2, f32x4.mul(wl, l));
      sumXL = f32x4.add(sumXL, f32x4.mul(wl, v));
    }
    // The 2 × 2 normal equations of x ≈ scale · l + minimum; a positive minimum is not representable and becomes 0.
    const determinant = f32x4.sub(f32x4.mul(sumW, sumL2), f32x4.mul(sumL, sumL));
    const solvable = f32x4.gt(determinant, zero);
    let scale = f32x4.div(f32x4.sub(f32x4.mul(sumW, sumXL), f32x4.mul(sumX, sumL)), determinant);
    let offset = f32x4.div(f32x4.sub(f32x4.mul(sumL2, sumX), f32x4.mul(sumL, sumXL)), determinant);
    const positive = f32x4.gt(offset, zero);
    offset = v128.andnot(offset, positive);
    scale = v128.bitselect(f32x4.div(sumXL, sumL2), scale, positive);
    const error = absolute ? absoluteError(values, end, scale, offset) : squaredError(values, end, scale, offset);
    const better = v128.and(solvable, f32x4.lt(error, bestError));
    bestError = v128.bitselect(error, bestError, better);
    bestInverse = v128.bitselect(inverse, bestInverse, better);
    minUsed = v128.bitselect(bestMin, minUsed, better);
    bestScale = v128.bitselect(scale, bestScale, better);
    bestMin = v128.bitselect(offset, bestMin, better);
  }

  // A constant sub-block has no grid: scale 0, and only its minimum counts.
  v128.store(results, v128.andnot(bestScale, flat), SCALES);
  v128.store(results, f32x4.neg(v128.bitselect(min, bestMin, flat)), MINS);
  v128.store(results, v128.andnot(bestInverse, flat), INVERSES);
  v128.store(results, v128.bitselect(min, minUsed, flat), MINS_USED);
}

/** clamp(rint(inverse · (v − min)), 0, top), as float32. */
function level(v: v128, min: v128, inverse: v128, top: v128): v128 {
  const rounded = roundEven(f32x4.mul(inverse, f32x4.sub(v, min)));
  return f32x4.pmax(f32x4.pmin(rounded, top), f32x4.splat(0));
}

/** Σ weight · (scale · level + min − value)². */
function squaredError(values: usize, end: usize, scale: v128, min: v128): v128 {
  let sum = f32x4.splat(0);
  for (; values < end; values += 16) {
    const d = f32x4.sub(f32x4.add(f32x4.mul(scale, v128.load(values, LEVELS)), min), v128.load(values));
    sum = f32x4.add(sum, f32x4.mul(v128.load(values, WEIGHTS), f32x4.mul(d, d)));
  }
  return sum;
}

/** Σ weight · |scale · level + min − value|. */
function absoluteError(values: usize, end: usize, scale: v128, min: v128): v128 {
  let sum = f32x4.splat(0);
  for (; values < end; values += 16) {
    const d = f32x4.sub(f32x4.add(f32x4.mul(scale, v128.load(values, LEVELS)), min), v128.load(values));
    sum = f32x4.add(sum, f32x4.mul(v128.load(values, WEIGHTS), f32x4.abs(d)));
  }
  return sum;
}
