import { f16ToF32, f32ToF16 } from "./half";
import { nearestInt, nearestIntLanes } from "./lanes";
import { ZERO_MAGNITUDE } from "./searchScale";
import { SCALES, SCALE_CODES, SUMS, TRIALS } from "./subBlocks";

// Scales and mins of sub-blocks become codes under a common factor in binary16. Each function leaves the codes, one a byte, replaces every
// value by what its code stands for, and returns the factor's bits.

/**
 * Codes 0 … top, at `codes` in scratch, of the `count` float32 at `values` in scratch, none negative: under the factor with the least error where there
 * are importance weights, else under their largest / top.
 */
export function codesUnderFactor(values: usize, codes: usize, count: usize, top: i32, weighted: bool, scratch: usize): u32 {
  if (weighted) return fitUnderFactor(scratch + values, count, top, scratch + codes, scratch);
  return roundUnderFactor(scratch + values, count, top, scratch + codes);
}

function roundUnderFactor(values: usize, count: usize, top: i32, codes: usize): u32 {
  let largest: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const value = load<f32>(values + (i << 2));
    if (value > largest) largest = value;
  }
  const inverse: f32 = largest > 0 ? <f32>top / largest : 0;
  for (let i: usize = 0; i < count; i++) {
    // ggml keeps the rounded value in a byte before it takes the smaller of it and the top.
    store<u8>(codes + i, min(top, nearestInt(inverse * load<f32>(values + (i << 2))) & 255));
  }
  return storeUnder(largest / <f32>top, values, count, codes);
}

/** ggml's `make_qp_quants` with `SUMS` for weights: nine factors are tried, then up to five passes move single codes while that improves the fit. */
function fitUnderFactor(values: usize, count: usize, top: i32, codes: usize, scratch: usize): u32 {
  const weights = scratch + SUMS;
  let largest: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const value = load<f32>(values + (i << 2));
    largest = largest > value ? largest : value;
  }
  if (largest < ZERO_MAGNITUDE) {
    memory.fill(codes, 0, count);
    return storeUnder(0, values, count, codes);
  }
  const inverse = bestInverse(values, weights, count, top, largest, scratch + TRIALS);
  let projection: f32 = 0;
  let energy: f32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const value = load<f32>(values + (i << 2));
    const weight = load<f32>(weights + (i << 2));
    const code = min(top, nearestInt(inverse * value));
    store<u8>(codes + i, code);
    projection += weight * value * <f32>code;
    energy += weight * <f32>code * <f32>code;
  }
  for (let pass: i32 = 0; pass < 5; pass++) {
    let changed = false;
    for (let i: usize = 0; i < count; i++) {
      const value = load<f32>(values + (i << 2));
      const weight = load<f32>(weights + (i << 2));
      const code = <f32>load<u8>(codes + i);
      const otherProjection: f32 = projection - weight * value * code;
      const otherEnergy: f32 = energy - weight * code * code;
      if (!(otherProjection > 0 && otherEnergy > 0)) continue;
      const better = min(top, nearestInt((value * otherEnergy) / otherProjection));
      if (<f32>better == code) continue;
      const newProjection: f32 = otherProjection + weight * value * <f32>better;
      const newEnergy: f32 = otherEnergy + weight * <f32>better * <f32>better;
      if (newProjection * newProjection * energy > projection * projection * newEnergy) {
        store<u8>(codes + i, better);
        projection = newProjection;
        energy = newEnergy;
        changed = true;
      }
    }
    if (!changed) break;
  }
  return storeUnder(energy > 0 ? projection / energy : 0, values, count, codes);
}

/** Inverse factor of the least weighted error: (top + 0.1f · step) / largest for step 0, −4 … −1, 1 … 4, four at a time. */
function bestInverse(values: usize, weights: usize, count: usize, top: i32, largest: f32, trials: usize): f32 {
  const one = f32x4.splat(1);
  const tops = i32x4.splat(top);
  for (let turn: usize = 0; turn < 3; turn++) {
    const steps = turn == 0 ? f32x4.splat(0) : turn == 1 ? f32x4(-4, -3, -2, -1) : f32x4(1, 2, 3, 4);
    const inverse = f32x4.div(f32x4.add(f32x4.mul(f32x4.splat(0.1), steps), f32x4.splat(<f32>top)), f32x4.splat(largest));
    const factor = f32x4.div(one, inverse);
    let error = f32x4.splat(0);
    for (let i: usize = 0; i < count; i++) {
      const value = v128.load32_splat(values + (i << 2));
      const rounded = nearestIntLanes(f32x4.mul(inverse, value));
      // The first codes are kept in bytes before their error is taken.
      const code = f32x4.convert_i32x4_s(turn == 0 ? v128.and(rounded, i32x4.splat(255)) : i32x4.min_s(rounded, tops));
      const d = f32x4.sub(value, f32x4.mul(factor, code));
      error = f32x4.add(error, f32x4.mul(f32x4.mul(v128.load32_splat(weights + (i << 2)), d), d));
    }
    v128.store(trials + (turn << 5), inverse);
    v128.store(trials + (turn << 5), error, 16);
  }
  let inverse = load<f32>(trials);
  let best = load<f32>(trials, 16);
  for (let i: usize = 0; i < 8; i++) {
    const trial = trials + 32 + ((i >> 2) << 5) + ((i & 3) << 2);
    if (load<f32>(trial, 16) < best) {
      best = load<f32>(trial, 16);
      inverse = load<f32>(trial);
    }
  }
  return inverse;
}

function storeUnder(factor: f32, values: usize, count: usize, codes: usize): u32 {
  const stored = f32ToF16(factor);
  const read = f16ToF32(stored);
  for (let i: usize = 0; i < count; i++) store<f32>(values + (i << 2), read * <f32>load<u8>(codes + i));
  return stored;
}

/** Signed codes −limit … limit − 1 of the sixteen scales in `SCALES`, for a factor and its inverse, in `SCALE_CODES`. */
export function roundSigned(scratch: usize, inverse: f32, factor: f32, limit: i32): u32 {
  const stored = f32ToF16(factor);
  const read = f16ToF32(stored);
  for (let j: usize = 0; j < 16; j++) {
    const scale = scratch + (j << 2);
    const code = max(-limit, min(limit - 1, nearestInt(inverse * load<f32>(scale, SCALES))));
    store<u8>(scratch + j, code, SCALE_CODES);
    store<f32>(scale, read * <f32>code, SCALES);
  }
  return stored;
}
