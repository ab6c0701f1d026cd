import { roundEven } from "./lanes";
import { extremeLanes, INVERSES, MINS, MINS_USED, PRODUCTS, SCALES, WEIGHTS } from "./subBlocks";

/** Below this magnitude ggml takes a sub-block for zero. */
export const ZERO_MAGNITUDE: f32 = 1e-15;
/** Code widths tried besides the plain one: wider and narrower by 0.1 to 0.9. */
const CANDIDATES: i32 = 18;
/** The candidate of width limit − 0.5. */
const FIRST_TOO_HIGH: i32 = 4;
/** The even one before that of width limit + 0.5. */
const FIRST_TOO_LOW: i32 = 12;

/**
 * ggml's `make_qx_quants` with given weights: the scale of four symmetric sub-blocks of `length` values, codes −limit … limit − 1,
 * from 19 code widths.
 *
 * @param values vectors of a group in their area
 * @param results scratch + 16 · group
 */
export function searchScale(values: usize, length: usize, limit: f32, results: usize): void {
  const end = values + (length << 4);
  const extreme = extremeLanes(values, length);
  const isZero = f32x4.lt(f32x4.abs(extreme), f32x4.splat(ZERO_MAGNITUDE));
  const low = f32x4.splat(-limit);
  const high = f32x4.splat(limit - 1);
  const zero = f32x4.splat(0);

  let bestInverse = f32x4.div(low, extreme);
  let projection = zero;
  let energy = zero;
  for (let p = values; p < end; p += 16) {
    const v = v128.load(p);
    const w = v128.load(p, WEIGHTS);
    const wv = f32x4.mul(w, v);
    v128.store(p, wv, PRODUCTS);
    const l = level(v, bestInverse, low, high);
    projection = f32x4.add(projection, f32x4.mul(wv, l));
    energy = f32x4.add(energy, f32x4.mul(f32x4.mul(w, l), l));
  }
  let scale = v128.and(f32x4.div(projection, energy), f32x4.ne(energy, zero));
  let best = f32x4.mul(scale, projection);

  // Two candidates a sweep: their sums do not depend on what was accepted before, and share the loads.
  for (let candidate: i32 = 0; candidate < CANDIDATES; candidate += 2) {
    let inverse = f32x4.div(width(candidate, limit), extreme);
    const nextInverse = f32x4.div(width(candidate + 1, limit), extreme);
    projection = zero;
    energy = zero;
    let nextProjection = zero;
    let nextEnergy = zero;
    for (let p = values; p < end; p += 16) {
      const v = v128.load(p);
      const w = v128.load(p, WEIGHTS);
      const wv = v128.load(p, PRODUCTS);
      let l = roundEven(f32x4.mul(inverse, v));
      let m = roundEven(f32x4.mul(nextInverse, v));
      // Products reach the candidate's width: only from limit − 0.5 on can they round above the highest code, and only from
      // limit + 0.5 on below the lowest.
      if (candidate >= FIRST_TOO_HIGH) {
        l = f32x4.pmin(l, high);
        m = f32x4.pmin(m, high);
        if (candidate >= FIRST_TOO_LOW) {
          l = f32x4.pmax(l, low);
          m = f32x4.pmax(m, low);
        }
      }
      projection = f32x4.add(projection, f32x4.mul(wv, l));
      energy = f32x4.add(energy, f32x4.mul(f32x4.mul(w, l), l));
      nextProjection = f32x4.add(nextProjection, f32x4.mul(wv, m));
      nextEnergy = f32x4.add(nextEnergy, f32x4.mul(f32x4.mul(w, m), m));
    }
    for (let each: i32 = 0; each < 2; each++) {
      const fit = f32x4.gt(f32x4.mul(projection, projection), f32x4.mul(best, energy));
      const better = v128.and(fit, f32x4.gt(energy, zero));
      scale = v128.bitselect(f32x4.div(projection, energy), scale, better);
      best = v128.bitselect(f32x4.mul(scale, projection), best, better);
      bestInverse = v128.bitselect(inverse, bestInverse, better);
      projection = nextProjection;
      energy = nextEnergy;
      inverse = nextInverse;
    }
  }
  v128.store(results, v128.andnot(scale, isZero), SCALES);
  v128.store(results, v128.andnot(bestInverse, isZero), INVERSES);
  v128.store(results, zero, MINS);
  v128.store(results, zero, MINS_USED);
}

/** −(limit + 0.1 · step), where step is −9 … −1, 1 … 9. */
function width(candidate: i32, limit: f32): v128 {
  const step = candidate < CANDIDATES / 2 ? candidate - 9 : candidate - 8;
  return f32x4.splat(-(limit + <f32>0.1 * <f32>step));
}

/** clamp(rint(inverse · v), low, high), as float32. */
function level(v: v128, inverse: v128, low: v128, high: v128): v128 {
  return f32x4.pmax(f32x4.pmin(roundEven(f32x4.mul(inverse, v)), high), low);
}
