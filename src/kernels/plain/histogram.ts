/**
 * Bin of `value` among `bins` equal ones over [low, high], the last one closed; −1 outside and for NaN. The definition
 * the kernels keep to: floor((value − low) · bins / (high − low)) in float64, each operation rounded.
 */
function binOf(value: number, low: number, high: number, bins: number): number {
  if (!(value >= low && value <= high)) return -1;
  const place = ((value - low) * bins) / (high - low);
  // A range of float64 values may be too wide for the product.
  return Math.min(Math.floor(Number.isFinite(place) ? place : bins * ((value / 2 - low / 2) / (high / 2 - low / 2))), bins - 1);
}

/** Twin of the kernel `histogram`, also for float64 values: adds to `counts`, one entry a bin. Nothing is counted unless low < high. */
export function histogram(x: Float32Array | Float64Array, low: number, high: number, counts: Uint32Array): void {
  if (!(low < high)) return;
  for (const value of x) {
    const bin = binOf(value, low, high, counts.length);
    if (bin >= 0) counts[bin]!++;
  }
}

/** Twin of the kernel `binErrors`: adds (x − y)² to `sums` by the bin of x. */
export function binErrors(x: Float32Array, y: Float32Array | Float64Array, low: number, high: number, sums: Float64Array): void {
  if (!(low < high)) return;
  for (let i = 0; i < x.length; i++) {
    const bin = binOf(x[i]!, low, high, sums.length);
    if (bin < 0) continue;
    const e = x[i]! - y[i]!;
    sums[bin]! += e * e;
  }
}
