import { affineCode, affineRange, affineValue } from "../../core/quant/affineArithmetic";
import { errors } from "./errors";

/**
 * Twin of the kernel `affine`: fake-quantizes with one range in float64 and half-even rounding, adds the errors of the
 * float64 result to `out` and writes it as float32 to `y` if given. Values that are not finite are skipped and become 0.
 */
export function affine(
  x: Float32Array,
  low: number,
  high: number,
  bits: number,
  symmetric: boolean,
  y: Float32Array | undefined,
  out: Float64Array,
): void {
  const range = affineRange(low, high, bits, symmetric);
  const results = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (Number.isFinite(value)) results[i] = affineValue(affineCode(value, range), range);
  }
  y?.set(results);
  errors(x, results, out);
}

/** Twin of the kernel `affineGroups`: a range for each run of `group` values inside a row. */
export function affineGroups(
  x: Float32Array,
  columns: number,
  group: number,
  bits: number,
  symmetric: boolean,
  y: Float32Array | undefined,
  out: Float64Array,
): void {
  for (let row = 0; row < x.length; row += columns) {
    for (let start = row; start < row + columns; start += group) {
      const end = Math.min(start + group, row + columns);
      const run = x.subarray(start, end);
      let low = 0;
      let high = 0;
      for (const value of run) {
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      affine(run, low, high, bits, symmetric, y?.subarray(start, end), out);
    }
  }
}
