import { outMoments as at } from "../layout";

/**
 * Twin of the kernel `moments`: adds counts, extrema and sums of (x − pivot)^1…4 over finite values to `out`. Values that
 * float32 cannot hold have no kernel: theirs are computed here.
 */
export function moments(x: Float32Array | Float64Array, pivot: number, out: Float64Array): void {
  let finite = 0;
  let nan = 0;
  let inf = 0;
  let zero = 0;
  let min = out[at.min]!;
  let max = out[at.max]!;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  for (const value of x) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) inf++;
    else {
      finite++;
      if (value === 0) zero++;
      if (value < min) min = value;
      if (value > max) max = value;
      const d = value - pivot;
      const d2 = d * d;
      s1 += d;
      s2 += d2;
      s3 += d2 * d;
      s4 += d2 * d2;
    }
  }
  out[at.finite]! += finite;
  out[at.nan]! += nan;
  out[at.inf]! += inf;
  out[at.zero]! += zero;
  out[at.min] = min;
  out[at.max] = max;
  out[at.s1]! += s1;
  out[at.s2]! += s2;
  out[at.s3]! += s3;
  out[at.s4]! += s4;
}
