/** The largest magnitude of `count` values. As ggml's MAX macro, which a NaN passes through until the next value. */
export function largestMagnitude(x: Float32Array, at: number, count: number): number {
  let magnitude = 0;
  for (let i = at; i < at + count; i++) {
    const value = Math.abs(x[i]!);
    magnitude = magnitude > value ? magnitude : value;
  }
  return magnitude;
}
