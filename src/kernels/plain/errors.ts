import { outErrors as at } from "../layout";

/**
 * Twin of the kernel `errors`: adds the errors of y against x to `out`; pairs whose x is not finite are skipped.
 * e = x − y; within5 counts |e| ≤ 0.05·|x|. The approximation may be float64, as that of `affine` is.
 */
export function errors(x: Float32Array, y: Float32Array | Float64Array, out: Float64Array): void {
  let count = 0;
  let absolute = 0;
  let square = 0;
  let largest = out[at.largest]!;
  let within5 = 0;
  let product = 0;
  let squareX = 0;
  let squareY = 0;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (!Number.isFinite(value)) continue;
    const approximation = y[i]!;
    const e = Math.abs(value - approximation);
    count++;
    absolute += e;
    square += e * e;
    if (e > largest) largest = e;
    if (e <= 0.05 * Math.abs(value)) within5++;
    product += value * approximation;
    squareX += value * value;
    squareY += approximation * approximation;
  }
  out[at.count]! += count;
  out[at.absolute]! += absolute;
  out[at.square]! += square;
  out[at.largest] = largest;
  out[at.within5]! += within5;
  out[at.product]! += product;
  out[at.squareX]! += squareX;
  out[at.squareY]! += squareY;
}
