/** Finite values that a narrower float cannot hold. */
export interface FloatLosses {
  /** Too large: stored as infinity or as the largest value. */
  overflow: number;
  /** Not 0, but stored as 0. */
  underflow: number;
}

/**
 * Counts what storing `x` as `y` lost at either end.
 *
 * @param overflowFrom least magnitude that is too large
 */
export function floatLosses(x: Float32Array, y: Float32Array, overflowFrom: number): FloatLosses {
  let overflow = 0;
  let underflow = 0;
  for (let i = 0; i < x.length; i++) {
    const magnitude = Math.abs(x[i]!);
    if (magnitude >= overflowFrom && magnitude < Infinity) overflow++;
    else if (y[i] === 0 && magnitude > 0) underflow++;
  }
  return { overflow, underflow };
}
