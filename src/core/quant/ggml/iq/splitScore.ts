/*
 * The best split of a sub-block's values into −1, 0 and 1 is the one with the largest (Σ w·q·x)² / Σ w·q². ggml computes both sums in
 * float32 for every split; here they are first estimated in float64, and only splits that can win within the rounding errors of
 * float32 are computed its way. The result is the same.
 */

/** Score and scale of the best split so far. */
const best = new Float64Array(2);

/** Half a unit in the last place of a float32 1. */
const rounding = 2 ** -24;

/** Begins with no split. */
export function startSearch(): void {
  best[0] = -3.4028234663852886e38;
  best[1] = 0;
}

/**
 * How far ggml's Σ w·q·x can be from an estimate: it is made of less than 20 roundings of numbers of at most 3.5 times the largest
 * sum of w·x. Infinite where squares might leave the normal range of float32, so that every split is computed its way.
 *
 * @param largest the largest magnitude of any sum of w·x
 */
export function projectionError(largest: number): number {
  return largest > 1e-13 && largest < 1e15 ? 80 * rounding * largest : Infinity;
}

/** The same for Σ w·q², where `total` is Σ w. */
export function energyError(total: number): number {
  return 30 * rounding * total;
}

/** What to give to {@link mayWin}; it changes whenever {@link isBetter} is true. */
export function scoreToBeat(): number {
  return best[0]! * 0.999999;
}

/**
 * False for sums that cannot win.
 *
 * @param projection estimate of Σ w·q·x, at most `error` off
 * @param energy least possible Σ w·q²
 */
export function mayWin(projection: number, error: number, energy: number, toBeat: number): boolean {
  const reach = Math.abs(projection) + error;
  return reach * reach >= toBeat * energy;
}

/** True, and the best from now on, if a split with these sums has a better score. */
export function isBetter(projection: number, energy: number): boolean {
  if (!(energy > 0 && Math.fround(projection * projection) > Math.fround(best[0]! * energy))) return false;
  const scale = Math.fround(projection / energy);
  best[0] = Math.fround(scale * projection);
  best[1] = scale;
  return true;
}

/** Scale of the best split; negative if −1 and 1 are to change places. */
export function bestScale(): number {
  return best[1]!;
}
