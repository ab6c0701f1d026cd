import type { Arithmetic, AttentionScores, ExponentialSums, MatrixProduct } from "./arithmetic";

/** Values that the kernel sums before it adds the sum to the result. */
const depthAtOnce = 384;

/** The kernel `gemm` without its order of work: the same sums in the same order, each operation rounded to float32. */
export function gemmPlain(product: MatrixProduct): void {
  const { rows, columns, depth, left, leftStride = depth, right, transposed, result, resultStride = columns } = product;
  const { rightStride = transposed ? depth : columns } = product;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let total = 0;
      for (let start = 0; start < depth; start += depthAtOnce) {
        let sum = 0;
        for (let k = start; k < Math.min(depth, start + depthAtOnce); k++) {
          const factor = transposed ? right[j * rightStride + k]! : right[k * rightStride + j]!;
          sum = Math.fround(sum + Math.fround(left[i * leftStride + k]! * factor));
        }
        total = Math.fround(total + sum);
      }
      result[i * resultStride + j] = total;
    }
  }
}

/** Twin of the kernel `attentionWeights`, in float64. */
export function attentionWeightsPlain({ scores, rows, columns, stride, first, window, scale, cap }: AttentionScores): void {
  for (let r = 0; r < rows; r++) {
    const row = scores.subarray(r * stride, (r + 1) * stride);
    const end = Math.min(columns, first + r + 1);
    const start = window > 0 ? Math.max(0, first + r + 1 - window) : 0;
    const seen = Float64Array.from(row.subarray(start, end), (score) => (cap > 0 ? cap * Math.tanh((score * scale) / cap) : score * scale));
    const largest = seen.reduce((most, value) => Math.max(most, value), -Infinity);
    const sum = seen.reduce((all, value) => all + Math.exp(value - largest), 0);
    row.fill(0);
    row.set(
      seen.map((value) => Math.exp(value - largest) / sum),
      start,
    );
  }
}

/** Twin of the kernel `gate`. */
export function gatePlain(values: Float32Array, rows: number, columns: number, activation: "silu" | "gelu"): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const x = values[2 * r * columns + c]!;
      const exponent = activation === "silu" ? -x : -2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
      values[r * columns + c] = (x / (1 + Math.exp(exponent))) * values[(2 * r + 1) * columns + c]!;
    }
  }
}

/** Twin of the kernel `softCap`. */
export function softCapPlain(values: Float32Array, cap: number): void {
  for (let i = 0; i < values.length; i++) values[i] = cap * Math.tanh(values[i]! / cap);
}

/** Twin of the kernel `addExponentials`. */
export function addExponentialsPlain(values: Float32Array, rows: number, columns: number, { maxima, sums }: ExponentialSums): void {
  for (let r = 0; r < rows; r++) {
    const row = values.subarray(r * columns, (r + 1) * columns);
    const largest = row.reduce((most, value) => Math.max(most, value), maxima[r]!);
    const sum = row.reduce((all, value) => all + Math.exp(value - largest), 0);
    sums[r] = (sums[r] === 0 ? 0 : sums[r]! * Math.exp(maxima[r]! - largest)) + sum;
    maxima[r] = largest;
  }
}

/** Plain code for all of it: what the kernels are compared with. */
export const plainArithmetic: Arithmetic = {
  begin: () => undefined,
  floats: (length) => new Float32Array(length),
  doubles: (length) => new Float64Array(length),
  multiply: gemmPlain,
  attentionWeights: attentionWeightsPlain,
  gate: gatePlain,
  softCap: softCapPlain,
  addExponentials: addExponentialsPlain,
};
