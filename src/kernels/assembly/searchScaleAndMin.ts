import { highest, lowest, roundEven } from "./lanes";

// Layout of the scratch area: 32 vectors each of values, weights and codes, then the results of eight sub-blocks.
const WEIGHTS: usize = 512;
const CODES: usize = 1024;
/** float32[8]: scale of each sub-block. */
export const SCALES: usize = 1536;
/** float32[8]: minimum of each sub-block, negated, so never negative. */
export const MINS: usize = 1568;
/** float32[8]: inverse scale that made the codes of the accepted candidate. */
export const INVERSES: usize = 1600;
/** float32[8]: minimum (not negated) that was subtracted for those codes. */
export const MINS_USED: usize = 1632;

/** Highest code of four bits. */
const TOP: f32 = 15;
/** Candidates tried after the plain grid, of inverse scale (TOP − 1 + 0.1 · step) / range. */
const STEPS: i32 = 20;

/**
 * ggml's `make_qkx2_quants` for Q4_K over four sub-blocks of 32 values at `x`, one in each lane: scale and minimum of the
 * grid with the least squared error, weighted by sqrt(mean square) + |x|. The search is sequential within a sub-block,
 * but sub-blocks are independent, so every lane does exactly the scalar order of operations, divisions included, and the
 * bytes come out the same. Results go to `scratch` + their offsets + `lane`, a byte offset (0 or 16).
 */
export function searchScaleAndMin(x: usize, scratch: usize, lane: usize): void {
  const values = scratch;
  const end = scratch + 512;
  const zero = f32x4.splat(0);
  const top = f32x4.splat(TOP);
  transpose(x, values);

  let squares = zero;
  for (let p = values; p < end; p += 16) {
    const v = v128.load(p);
    squares = f32x4.add(squares, f32x4.mul(v, v));
  }
  const rms = f32x4.sqrt(f32x4.mul(squares, f32x4.splat(1.0 / 32)));

  const v0 = v128.load(values);
  const w0 = f32x4.add(rms, f32x4.abs(v0));
  v128.store(values, w0, WEIGHTS);
  let min = v0;
  let max = v0;
  let sumW = w0;
  let sumX = f32x4.mul(w0, v0);
  for (let p = values + 16; p < end; p += 16) {
    const v = v128.load(p);
    const w = f32x4.add(rms, f32x4.abs(v));
    v128.store(p, w, WEIGHTS);
    min = lowest(min, v);
    max = highest(max, v);
    sumW = f32x4.add(sumW, w);
    sumX = f32x4.add(sumX, f32x4.mul(w, v));
  }
  min = lowest(min, zero);
  const flat = f32x4.eq(max, min);

  let bestInverse = f32x4.div(top, f32x4.sub(max, min));
  let bestScale = f32x4.div(f32x4.splat(1), bestInverse);
  let bestError = zero;
  for (let p = values; p < end; p += 16) {
    const v = v128.load(p);
    const d = f32x4.sub(f32x4.add(f32x4.mul(bestScale, code(v, min, bestInverse, top)), min), v);
    bestError = f32x4.add(bestError, f32x4.mul(v128.load(p, WEIGHTS), f32x4.mul(d, d)));
  }
  let bestMin = min;
  let minUsed = min;

  for (let step: i32 = 0; step <= STEPS; step++) {
    const inverse = f32x4.div(f32x4.splat(<f32>-1 + <f32>0.1 * <f32>step + TOP), f32x4.sub(max, bestMin));
    let sumL = zero;
    let sumL2 = zero;
    let sumXL = zero;
    for (let p = values; p < end; p += 16) {
      const v = v128.load(p);
      const l = code(v, bestMin, inverse, top);
      v128.store(p, l, CODES);
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
    let error = zero;
    for (let p = values; p < end; p += 16) {
      const d = f32x4.sub(f32x4.add(f32x4.mul(scale, v128.load(p, CODES)), offset), v128.load(p));
      error = f32x4.add(error, f32x4.mul(v128.load(p, WEIGHTS), f32x4.mul(d, d)));
    }
    const better = v128.and(solvable, f32x4.lt(error, bestError));
    bestError = v128.bitselect(error, bestError, better);
    bestInverse = v128.bitselect(inverse, bestInverse, better);
    minUsed = v128.bitselect(bestMin, minUsed, better);
    bestScale = v128.bitselect(scale, bestScale, better);
    bestMin = v128.bitselect(offset, bestMin, better);
  }

  // A constant sub-block has no grid: scale 0, and only its minimum counts.
  const results = scratch + lane;
  v128.store(results, v128.andnot(bestScale, flat), SCALES);
  v128.store(results, f32x4.neg(v128.bitselect(min, bestMin, flat)), MINS);
  v128.store(results, v128.andnot(bestInverse, flat), INVERSES);
  v128.store(results, v128.bitselect(min, minUsed, flat), MINS_USED);
}

/** clamp(rint(inverse · (v − min)), 0, top), as float32. */
function code(v: v128, min: v128, inverse: v128, top: v128): v128 {
  const rounded = roundEven(f32x4.mul(inverse, f32x4.sub(v, min)));
  return f32x4.pmax(f32x4.pmin(rounded, top), f32x4.splat(0));
}

/** Four runs of 32 values become 32 vectors whose lane j holds run j. */
function transpose(x: usize, target: usize): void {
  for (const end = x + 128; x < end; x += 16, target += 64) {
    const a = v128.load(x);
    const b = v128.load(x, 128);
    const c = v128.load(x, 256);
    const d = v128.load(x, 384);
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
