import { nearestLevel } from "./iq4Levels";
import { ZERO_MAGNITUDE } from "./searchScale";
import { extremeLanes, SCALES, WEIGHTS } from "./subBlocks";

/** The level of largest magnitude. */
const LOWEST: f32 = -127;
/** Candidates on either side. */
const STEPS: i32 = 7;

/**
 * The scale of four sub-blocks of 32 values of IQ4_NL or IQ4_XS with the weights in their area: 16 spreads of the levels are tried, each
 * solved for the best scale by weighted least squares, as in ggml's `quantize_row_iq4_nl_impl`.
 *
 * @param values vectors of a group in their area
 * @param results scratch + 16 · group
 */
export function searchLevels(values: usize, results: usize): void {
  const end = values + 512;
  const zero = f32x4.splat(0);
  const extreme = extremeLanes(values, 32);
  const isZero = f32x4.lt(f32x4.abs(extreme), f32x4.splat(ZERO_MAGNITUDE));
  let inverse = f32x4.div(f32x4.splat(1), f32x4.div(f32x4.neg(extreme), f32x4.splat(LOWEST)));
  let scale = zero;
  let best = zero;
  for (let step = -STEPS - 1; step <= STEPS; step++) {
    const isFirst = step < -STEPS;
    if (!isFirst) inverse = f32x4.div(f32x4.splat(<f32>step + LOWEST), extreme);
    let projection = zero;
    let energy = zero;
    for (let p = values; p < end; p += 16) {
      const v = v128.load(p);
      const level = nearestLevel(f32x4.mul(inverse, v));
      const weighted = f32x4.mul(v128.load(p, WEIGHTS), level);
      projection = f32x4.add(projection, f32x4.mul(weighted, v));
      energy = f32x4.add(energy, f32x4.mul(weighted, level));
    }
    let better = f32x4.gt(energy, zero);
    if (!isFirst) better = v128.and(better, f32x4.gt(f32x4.mul(projection, projection), f32x4.mul(best, energy)));
    scale = v128.bitselect(f32x4.div(projection, energy), scale, better);
    best = v128.bitselect(f32x4.mul(scale, projection), best, better);
  }
  v128.store(results, v128.andnot(scale, isZero), SCALES);
}
