import { exponential, hyperbolicTangent } from "./exponential";
import { highest, maxF32 } from "./lanes";

/**
 * Scores of `rows` queries against `columns` keys to the weights of attention, in place; `stride` values from row to row, a
 * multiple of 4, with room for all of them. Row r sees the keys before `first` + r + 1, at most the last `window` of these
 * (0: all); the others get 0, up to `stride`. Scores are multiplied with `scale`, and with `cap` above 0 bent to cap · tanh(score / cap). Twin: `attentionWeightsPlain`.
 */
export function attentionWeights(scores: usize, rows: i32, columns: i32, stride: i32, first: i32, window: i32, scale: f32, cap: f32): void {
  for (let r: i32 = 0; r < rows; r++, scores += (<usize>stride) << 2) {
    const end = min(columns, first + r + 1);
    const start = window > 0 ? max(0, first + r + 1 - window) : 0;
    clear(scores, 0, start);
    clear(scores, end, stride);
    weigh(scores + ((<usize>start) << 2), end - start, scale, cap);
  }
}

function clear(row: usize, from: i32, to: i32): void {
  if (to > from) memory.fill(row + ((<usize>from) << 2), 0, (<usize>(to - from)) << 2);
}

/** Softmax of `n` values. What is read beyond them, up to three values, is left as it is. */
function weigh(x: usize, n: i32, scale: f32, cap: f32): void {
  const whole = x + ((<usize>(n & ~3)) << 2);
  const end = x + ((<usize>n) << 2);
  const scales = f32x4.splat(cap > 0 ? scale / cap : scale);
  const caps = f32x4.splat(cap);
  let most = f32x4.splat(-Infinity);
  let p = x;
  for (; p < whole; p += 16) {
    let v = f32x4.mul(v128.load(p), scales);
    if (cap > 0) v = f32x4.mul(caps, hyperbolicTangent(v));
    v128.store(p, v);
    most = highest(most, v);
  }
  for (; p < end; p += 4) {
    let v = f32x4.mul(v128.load32_splat(p), scales);
    if (cap > 0) v = f32x4.mul(caps, hyperbolicTangent(v));
    v128.store32_lane(p, v, 0);
    most = highest(most, v);
  }
  const largest = f32x4.splat(maxF32(most));
  let sums = f32x4.splat(0);
  for (p = x; p < whole; p += 16) {
    const e = exponential(f32x4.sub(v128.load(p), largest));
    v128.store(p, e);
    sums = f32x4.add(sums, e);
  }
  let sum = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  for (; p < end; p += 4) {
    const e = exponential(f32x4.sub(v128.load32_splat(p), largest));
    v128.store32_lane(p, e, 0);
    sum += f32x4.extract_lane(e, 0);
  }
  const inverse: f32 = 1 / sum;
  const factor = f32x4.splat(inverse);
  for (p = x; p < whole; p += 16) v128.store(p, f32x4.mul(v128.load(p), factor));
  for (; p < end; p += 4) store<f32>(p, load<f32>(p) * inverse);
}

/** cap · tanh(x / cap) of `n` values, in place; `n` is rounded up to a multiple of 4, for which there is room. */
export function softCap(x: usize, n: i32, cap: f32): void {
  const caps = f32x4.splat(cap);
  for (const end = x + ((<usize>n) << 2); x < end; x += 16) {
    v128.store(x, f32x4.mul(caps, hyperbolicTangent(f32x4.div(v128.load(x), caps))));
  }
}

/**
 * Goes on with the sum of exponentials of `rows` rows of `columns` values, `stride` from row to row: the largest value so far is at
 * `maxima` (float32; −Infinity at first), Σ e^(x − largest) at `sums` (float64; 0 at first). Twin: `addExponentialsPlain`.
 */
export function addExponentials(x: usize, rows: i32, columns: i32, stride: i32, maxima: usize, sums: usize): void {
  for (let r: i32 = 0; r < rows; r++, x += (<usize>stride) << 2, maxima += 4, sums += 8) {
    const whole = x + ((<usize>(columns & ~3)) << 2);
    const end = x + ((<usize>columns) << 2);
    let most = f32x4.splat(load<f32>(maxima));
    let p = x;
    for (; p < whole; p += 16) most = highest(most, v128.load(p));
    for (; p < end; p += 4) most = highest(most, v128.load32_splat(p));
    const largest = maxF32(most);
    const previous = f32x4.splat(load<f32>(maxima) - largest);
    const largests = f32x4.splat(largest);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (p = x; p < whole; p += 16) {
      const e = exponential(f32x4.sub(v128.load(p), largests));
      low = f64x2.add(low, f64x2.promote_low_f32x4(e));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(e, e, 2, 3, 2, 3)));
    }
    low = f64x2.add(low, high);
    let sum = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
    for (; p < end; p += 4) sum += <f64>f32x4.extract_lane(exponential(f32x4.sub(v128.load32_splat(p), largests)), 0);
    store<f64>(sums, load<f64>(sums) * <f64>f32x4.extract_lane(exponential(previous), 0) + sum);
    store<f32>(maxima, largest);
  }
}
