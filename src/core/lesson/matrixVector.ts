/** A matrix with 8-bit codes and one scale a row, symmetric. */
export interface Int8Matrix {
  /** Row-major, rows × columns. */
  codes: Int8Array;
  /** By row. */
  scales: Float32Array;
}

/** Rounds each row to INT8 by its largest magnitude. @param values row-major, finite, a whole number of rows */
export function toInt8(values: Float32Array, columns: number): Int8Matrix {
  const rows = values.length / columns;
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let i = start; i < start + columns; i++) largest = Math.max(largest, Math.abs(values[i]!));
    const scale = largest / 127;
    scales[row] = scale;
    if (scale > 0) for (let i = start; i < start + columns; i++) codes[i] = Math.round(values[i]! / scale);
  }
  return { codes, scales };
}

/** result = matrix · vector in float32 weights. */
export function multiplyFloat(values: Float32Array, vector: Float32Array, result: Float32Array): void {
  const columns = vector.length;
  for (let row = 0; row < result.length; row++) {
    const start = row * columns;
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += values[start + i]! * vector[i]!;
    result[row] = sum;
  }
}

/** The same with INT8 weights: codes are summed as integers with INT8 inputs, and scaled once a row. */
export function multiplyInt8({ codes, scales }: Int8Matrix, vector: Int8Array, vectorScale: number, result: Float32Array): void {
  const columns = vector.length;
  for (let row = 0; row < result.length; row++) {
    const start = row * columns;
    let sum = 0;
    for (let i = 0; i < columns; i++) sum = (sum + codes[start + i]! * vector[i]!) | 0;
    result[row] = sum * scales[row]! * vectorScale;
  }
}
