/** Least and greatest of some values. */
export interface ValueRange {
  min: number;
  max: number;
}

/** Smallest and largest of the 32 values of a Q4_1 or Q5_1 block, as ggml scans them (strict comparisons, so NaN never wins). */
export function blockRange(x: Float32Array, at: number): ValueRange {
  let min = 3.4028234663852886e38;
  let max = -min;
  for (let i = at; i < at + 32; i++) {
    const value = x[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
