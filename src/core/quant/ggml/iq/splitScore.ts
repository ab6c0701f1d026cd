/*
 * The best split of a sub-block's values into −1, 0 and 1 is the one with the largest (Σ w·q·x)² / Σ w·q². ggml computes both sums in
 * float32 for every split; here they are first estimated in float64, and only splits that can win within the rounding errors of
 * float32 are computed its way. The result is the same.
 */

/** Score of the best split so far; its scale; and how far float32 sums can be from estimates: Σ w·q·x and Σ w·q². */
const state = new Float64Array(4);
const [SCORE, SCALE, X_ERROR, W_ERROR] = [0, 1, 2, 3] as const;

/** Half a unit in the last place of 1. */
const rounding = 2 ** -24;

/**
 * Begins with no split.
 *
 * @param largest the largest magnitude of any sum of w·x
 * @param total Σ w
 */
export function startSearch(largest: number, total: number): void {
  state[SCORE] = -3.4028234663852886e38;
  state[SCALE] = 0;
  // Both sums are made of less than 20 roundings of numbers of at most 1.3 or 3.5 times these.
  state[X_ERROR] = 80 * rounding * largest;
  state[W_ERROR] = 30 * rounding * total;
}

/** False for estimates that cannot win. Where products might leave the normal range of float32, always true. */
export function mayBeBetter(projection: number, energy: number): boolean {
  const reach = Math.abs(projection) + state[X_ERROR]!;
  const bar = state[SCORE]! * (energy - state[W_ERROR]!) * 0.999999;
  return !(reach * reach < bar && bar > 1e-34);
}

/** True, and the best from now on, if a split with these sums has a better score. */
export function isBetter(projection: number, energy: number): boolean {
  if (!(energy > 0 && Math.fround(projection * projection) > Math.fround(state[SCORE]! * energy))) return false;
  const scale = Math.fround(projection / energy);
  state[SCALE] = scale;
  state[SCORE] = Math.fround(scale * projection);
  return true;
}

/** Scale of the best split; negative if −1 and 1 are to change places. */
export function bestScale(): number {
  return state[SCALE]!;
}
