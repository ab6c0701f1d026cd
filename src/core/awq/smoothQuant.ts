/** Maxima and factors below this are taken for it. */
const least = 1e-5;

/**
 * SmoothQuant's factors (Xiao et al., 2022), which move outliers from the inputs of linear layers to their weights, so that both
 * can be 8-bit integers: s = max|x|^α / max|w|^(1−α) of each input column. Inputs are divided by s, in the norm before, and
 * weight columns multiplied.
 *
 * @param inputMaxima largest magnitude of each input column over the calibration text
 * @param weights the linear layers that have these inputs, each row by row
 * @param alpha how much is moved: 0.5 for most models, up to 0.85 where inputs have strong outliers
 */
export function smoothingFactors(inputMaxima: Float32Array, weights: readonly Float32Array[], alpha: number): Float32Array {
  const columns = inputMaxima.length;
  const weightMaxima = new Float32Array(columns);
  for (const matrix of weights) {
    for (let i = 0; i < matrix.length; i++) {
      const magnitude = Math.abs(matrix[i]!);
      if (magnitude > weightMaxima[i % columns]!) weightMaxima[i % columns] = magnitude;
    }
  }
  return inputMaxima.map((x, c) => Math.max(x ** alpha / Math.max(weightMaxima[c]!, least) ** (1 - alpha), least));
}
