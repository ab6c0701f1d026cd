import { nearestInt } from "./float32";
import { zeroMagnitude } from "./makeQx";

const tenth = Math.fround(0.1);

/** Weighted squared error of `x` against codes spread by `inverse`, whatever their limit; the first guess is measured so. */
function squaredError(x: Float32Array, weights: Float32Array, inverse: number, code: (value: number) => number): number {
  const scale = Math.fround(1 / inverse);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const difference = Math.fround(x[i]! - Math.fround(scale * code(Math.fround(inverse * x[i]!))));
    sum = Math.fround(sum + Math.fround(Math.fround(weights[i]! * difference) * difference));
  }
  return sum;
}

/**
 * ggml's `make_qp_quants`: stores non-negative numbers, the scales or mins of sub-blocks, as codes 0 … `maxCode` under one
 * scale, by weighted squares: nine code widths are tried, then up to five passes move single codes while that improves the
 * fit. Float32 throughout.
 *
 * @param weights of the numbers, as many
 * @param codes receives the codes
 * @returns the scale; 0 when all numbers are 0
 */
export function makeQp(x: Float32Array, maxCode: number, weights: Float32Array, codes: Uint8Array): number {
  let max = 0;
  // As ggml's MAX macro, which a NaN passes through until the next value.
  for (const value of x) max = max > value ? max : value;
  if (max < zeroMagnitude) {
    codes.fill(0);
    return 0;
  }
  const limited = (value: number): number => Math.min(maxCode, nearestInt(value));
  let inverse = Math.fround(maxCode / max);
  // The first codes are stored as bytes before their error is taken.
  let best = squaredError(x, weights, inverse, (value) => nearestInt(value) & 255);
  for (let step = -4; step <= 4; step++) {
    if (step === 0) continue;
    const candidate = Math.fround(Math.fround(Math.fround(tenth * step) + maxCode) / max);
    const error = squaredError(x, weights, candidate, limited);
    if (error < best) {
      best = error;
      inverse = candidate;
    }
  }
  let projection = 0;
  let energy = 0;
  for (let i = 0; i < x.length; i++) {
    const code = limited(Math.fround(inverse * x[i]!));
    codes[i] = code;
    projection = Math.fround(projection + Math.fround(Math.fround(weights[i]! * x[i]!) * code));
    energy = Math.fround(energy + Math.fround(Math.fround(weights[i]! * code) * code));
  }
  for (let pass = 0; pass < 5; pass++) {
    let changed = false;
    for (let i = 0; i < x.length; i++) {
      const weight = weights[i]!;
      const code = codes[i]!;
      const weighted = Math.fround(weight * x[i]!);
      let otherProjection = Math.fround(projection - Math.fround(weighted * code));
      let otherEnergy = Math.fround(energy - Math.fround(Math.fround(weight * code) * code));
      if (!(otherProjection > 0 && otherEnergy > 0)) continue;
      const better = limited(Math.fround(Math.fround(x[i]! * otherEnergy) / otherProjection));
      if (better === code) continue;
      otherProjection = Math.fround(otherProjection + Math.fround(weighted * better));
      otherEnergy = Math.fround(otherEnergy + Math.fround(Math.fround(weight * better) * better));
      const gain = Math.fround(Math.fround(otherProjection * otherProjection) * energy);
      if (gain > Math.fround(Math.fround(projection * projection) * otherEnergy)) {
        codes[i] = better;
        projection = otherProjection;
        energy = otherEnergy;
        changed = true;
      }
    }
    if (!changed) break;
  }
  return energy > 0 ? Math.fround(projection / energy) : 0;
}
