/** What a model takes if all of its weights take the same bits. */
export interface SizeAtBits {
  parameters: number;
  bytes: number;
  /** In float32. */
  plainBytes: number;
  /** How many times smaller than in float32. */
  times: number;
  /** Share of the float32 bytes that is saved; negative where more are taken. */
  saved: number;
}

/** The size of a model of so many weights. @param bitsPerWeight with scales and zero-points, above 0 */
export function sizeAtBits(parameters: number, bitsPerWeight: number): SizeAtBits {
  const bytes = Math.ceil((parameters * bitsPerWeight) / 8);
  const plainBytes = 4 * parameters;
  return { parameters, bytes, plainBytes, times: 32 / bitsPerWeight, saved: 1 - bitsPerWeight / 32 };
}
