import { highest, lowest, maxF32, minF32 } from "./lanes";

/**
 * What AWQ's quantizer (Lin et al., 2023) makes of scaled or clipped weights, less the weights: Q(w · s) / s − w, or
 * Q(clamp(w, ±limit)) − w.
 *
 * - with zero-point: scale = max(max − min, 1e-5) / maxCode, zero = clamp(−rint(min / scale), 0, maxCode), codes 0 … maxCode;
 * - symmetric, where `steps` is not 0: scale = max(|w|, 1e-5) / steps, codes −(maxCode + 1) / 2 … (maxCode − 1) / 2.
 *
 * @param w `rows` rows of `columns` float32, `stride` from one to the next
 * @param group columns that share a scale, a multiple of 4 that divides `columns`
 * @param scales float32[columns], or 0 for none
 * @param limits float32 for each group of each row, or 0 for none
 * @param target becomes `rows` × `columns` float32
 */
export function awqErrors(
  w: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  group: i32,
  maxCode: f32,
  steps: f32,
  scales: usize,
  limits: usize,
  target: usize,
): void {
  const length = (<usize>group) << 2;
  const width = (<usize>columns) << 2;
  for (let row: i32 = 0; row < rows; row++, w += (<usize>stride) << 2) {
    for (let start: usize = 0; start < width; start += length) {
      const s = scales == 0 ? <usize>0 : scales + start;
      let limit: f32 = Infinity;
      if (limits != 0) {
        limit = load<f32>(limits);
        limits += 4;
      }
      groupErrors(w + start, length, s, limit, maxCode, steps, target);
      target += length;
    }
  }
}

function groupErrors(w: usize, length: usize, scales: usize, limit: f32, maxCode: f32, steps: f32, target: usize): void {
  const most = f32x4.splat(limit);
  const least = f32x4.splat(-limit);
  let low = f32x4.splat(Infinity);
  let high = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < length; at += 16) {
    const v = prepared(w + at, scales == 0 ? <usize>0 : scales + at, least, most);
    v128.store(target + at, v);
    low = lowest(low, v);
    high = highest(high, v);
  }
  const min = minF32(low);
  const max = maxF32(high);
  let step: f32;
  let zero: f32 = 0;
  let bottom: f32;
  let top: f32;
  if (steps > 0) {
    step = Mathf.max(Mathf.max(-min, max), <f32>1e-5) / steps;
    bottom = -(maxCode + 1) / 2;
    top = (maxCode - 1) / 2;
  } else {
    step = Mathf.max(max - min, <f32>1e-5) / maxCode;
    zero = Mathf.min(Mathf.max(-nearest(min / step), 0), maxCode);
    bottom = -zero;
    top = maxCode - zero;
  }
  const stepLanes = f32x4.splat(step);
  const bottoms = f32x4.splat(bottom);
  const tops = f32x4.splat(top);
  for (let at: usize = 0; at < length; at += 16) {
    const code = f32x4.pmin(f32x4.pmax(f32x4.nearest(f32x4.div(v128.load(target + at), stepLanes)), bottoms), tops);
    let value = f32x4.mul(code, stepLanes);
    if (scales != 0) value = f32x4.div(value, v128.load(scales + at));
    v128.store(target + at, f32x4.sub(value, v128.load(w + at)));
  }
}

function prepared(w: usize, scales: usize, least: v128, most: v128): v128 {
  const v = v128.load(w);
  return scales == 0 ? f32x4.pmin(f32x4.pmax(v, least), most) : f32x4.mul(v, v128.load(scales));
}
