/**
 * Cholesky factor L of a small symmetric matrix, A = L · Lᵀ, and the inverse of L. Only the lower triangle is read and
 * written; sums are float64, since everything that follows is built on this block.
 *
 * @param a `n` × `n` float32 with `lda` from row to row; becomes L
 * @param inverse `n` × `n` float32; becomes L⁻¹ with zeros above the diagonal
 * @returns −1, or the row whose pivot is not positive: A is not positive definite
 */
export function choleskyBlock(n: i32, a: usize, lda: i32, inverse: usize): i32 {
  const step = (<usize>lda) << 2;
  for (let j: i32 = 0; j < n; j++) {
    const row = a + <usize>j * step;
    let pivot: f64 = load<f32>(row + ((<usize>j) << 2));
    for (let k: i32 = 0; k < j; k++) {
      const value: f64 = load<f32>(row + ((<usize>k) << 2));
      pivot -= value * value;
    }
    // Not `<= 0`: a NaN is no pivot either.
    if (!(pivot > 0)) return j;
    const root = sqrt(pivot);
    store<f32>(row + ((<usize>j) << 2), <f32>root);
    for (let i: i32 = j + 1; i < n; i++) {
      const below = a + <usize>i * step;
      let sum: f64 = load<f32>(below + ((<usize>j) << 2));
      for (let k: i32 = 0; k < j; k++) {
        const at = (<usize>k) << 2;
        sum -= <f64>load<f32>(below + at) * <f64>load<f32>(row + at);
      }
      store<f32>(below + ((<usize>j) << 2), <f32>(sum / root));
    }
  }
  invert(n, a, step, inverse);
  return -1;
}

function invert(n: i32, l: usize, step: usize, inverse: usize): void {
  const width = (<usize>n) << 2;
  for (let j: i32 = 0; j < n; j++) {
    const column = inverse + ((<usize>j) << 2);
    for (let i: i32 = 0; i < j; i++) store<f32>(column + <usize>i * width, 0);
    for (let i: i32 = j; i < n; i++) {
      const row = l + <usize>i * step;
      let sum: f64 = i == j ? 1 : 0;
      for (let k: i32 = j; k < i; k++) sum -= <f64>load<f32>(row + ((<usize>k) << 2)) * <f64>load<f32>(column + <usize>k * width);
      store<f32>(column + <usize>i * width, <f32>(sum / <f64>load<f32>(row + ((<usize>i) << 2))));
    }
  }
}
