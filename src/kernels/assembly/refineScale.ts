import { nearestIntLanes } from "./lanes";
import { ZERO_MAGNITUDE } from "./searchScale";
import { extremeLanes, INVERSES, LEVELS, MINS, PRODUCTS, SCALES, WEIGHTS } from "./subBlocks";

/** Lowest and highest code of three bits. */
const LOW: i32 = -4;
const HIGH: i32 = 3;
/** Passes over the codes at most. */
const PASSES: i32 = 5;

/**
 * ggml's `make_q3_quants` with rmse refinement and the weights in their area: the scale of four symmetric sub-blocks of 16 values with
 * codes −4 … 3, which stay in `LEVELS`. After plain rounding, up to five passes move single codes while that improves the weighted
 * fit. `INVERSES` is 0 where all values are taken for zero.
 *
 * @param values vectors of a group in their area
 * @param results scratch + 16 · group
 */
export function refineScale(values: usize, results: usize): void {
  const end = values + 256;
  const zero = f32x4.splat(0);
  const extreme = extremeLanes(values, 16);
  const isZero = f32x4.lt(f32x4.abs(extreme), f32x4.splat(ZERO_MAGNITUDE));
  const inverse = v128.andnot(f32x4.div(f32x4.splat(<f32>LOW), extreme), isZero);
  let projection = zero;
  let energy = zero;
  for (let p = values; p < end; p += 16) {
    const v = v128.load(p);
    const w = v128.load(p, WEIGHTS);
    const wv = f32x4.mul(w, v);
    const l = level(f32x4.mul(inverse, v));
    v128.store(p, wv, PRODUCTS);
    v128.store(p, l, LEVELS);
    projection = f32x4.add(projection, f32x4.mul(wv, l));
    energy = f32x4.add(energy, f32x4.mul(f32x4.mul(w, l), l));
  }
  for (let pass: i32 = 0; pass < PASSES; pass++) {
    let changed = zero;
    for (let p = values; p < end; p += 16) {
      const l = v128.load(p, LEVELS);
      const w = v128.load(p, WEIGHTS);
      const wv = v128.load(p, PRODUCTS);
      const otherProjection = f32x4.sub(projection, f32x4.mul(wv, l));
      const otherEnergy = f32x4.sub(energy, f32x4.mul(f32x4.mul(w, l), l));
      const better = level(f32x4.div(f32x4.mul(v128.load(p), otherEnergy), otherProjection));
      const moved = v128.and(f32x4.gt(otherProjection, zero), f32x4.ne(better, l));
      // Most codes stay: then nothing has to wait for the sums of this step.
      if (!v128.any_true(moved)) continue;
      const newProjection = f32x4.add(otherProjection, f32x4.mul(wv, better));
      const newEnergy = f32x4.add(otherEnergy, f32x4.mul(f32x4.mul(w, better), better));
      const gain = f32x4.mul(f32x4.mul(newProjection, newProjection), energy);
      const fit = f32x4.gt(gain, f32x4.mul(f32x4.mul(projection, projection), newEnergy));
      const accepted = v128.and(moved, v128.and(f32x4.gt(newEnergy, zero), fit));
      v128.store(p, v128.bitselect(better, l, accepted), LEVELS);
      projection = v128.bitselect(newProjection, projection, accepted);
      energy = v128.bitselect(newEnergy, energy, accepted);
      changed = v128.or(changed, accepted);
    }
    if (!v128.any_true(changed)) break;
  }
  v128.store(results, v128.and(f32x4.div(projection, energy), f32x4.gt(energy, zero)), SCALES);
  v128.store(results, inverse, INVERSES);
  v128.store(results, zero, MINS);
}

/** clamp(rint(v), −4, 3), as float32. */
function level(v: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.max_s(i32x4.min_s(nearestIntLanes(v), i32x4.splat(HIGH)), i32x4.splat(LOW)));
}
