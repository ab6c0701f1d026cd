import { binOf } from "./histogram";
import { accumulate } from "./lanes";

/**
 * Adds (x − y)² of `n` pairs of float32 to the float64[bins] at `sums`, by the bin of x over [low, high] (bins as in
 * `histogram`): where in the range of values an error arises. Values outside the range and NaN are skipped.
 */
export function binErrors(x: usize, y: usize, n: i32, low: f64, high: f64, bins: i32, sums: usize): void {
  if (!(low < high)) return;
  for (let end = x + ((<usize>n) << 2); x < end; x += 4, y += 4) {
    const value = <f64>load<f32>(x);
    const bin = binOf(value, low, high, bins);
    if (bin < 0) continue;
    const e = value - <f64>load<f32>(y);
    accumulate(sums + ((<usize>bin) << 3), e * e);
  }
}
