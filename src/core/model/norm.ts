/**
 * Root-mean-square normalization of runs of as many values as there are weights: x / √(mean x² + ε) · (weight + shift).
 * Sums are float64.
 *
 * @param source whole runs, one after the other
 * @param target may be `source`
 */
export function rmsNorm(source: Float32Array, weight: Float32Array, epsilon: number, shift: number, target: Float32Array): void {
  const length = weight.length;
  for (let start = 0; start < source.length; start += length) {
    let sum = 0;
    for (let i = start; i < start + length; i++) sum += source[i]! * source[i]!;
    const factor = 1 / Math.sqrt(sum / length + epsilon);
    for (let i = 0; i < length; i++) target[start + i] = source[start + i]! * factor * (weight[i]! + shift);
  }
}

/** Sum of the squares. */
export function sumOfSquares(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
