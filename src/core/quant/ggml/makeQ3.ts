import { extremeValue, nearestSigned } from "./float32";
import { zeroMagnitude } from "./makeQx";

const levels = new Float32Array(16);

/**
 * ggml's `make_q3_quants` with rmse refinement: the scale of a symmetric sub-block of 16 with codes −4 … 3. After plain
 * rounding, up to five passes move single codes while that improves the weighted (x²) fit. Float32 throughout.
 *
 * @param codes receives code + 4, from `codesAt`
 * @returns the scale; 0 for an all-zero sub-block, whose codes are then 0
 */
export function makeQ3(x: Float32Array, at: number, codes: Uint8Array, codesAt: number): number {
  const count = 16;
  const limit = 4;
  const extreme = extremeValue(x, at, count);
  if (Math.abs(extreme) < zeroMagnitude) {
    codes.fill(0, codesAt, codesAt + count);
    return 0;
  }
  const inverse = Math.fround(-limit / extreme);
  let projection = 0;
  let energy = 0;
  for (let i = 0; i < count; i++) {
    const value = x[at + i]!;
    const code = nearestSigned(Math.fround(inverse * value), limit);
    levels[i] = code;
    const weight = Math.fround(value * value);
    projection = Math.fround(projection + Math.fround(Math.fround(weight * value) * code));
    energy = Math.fround(energy + Math.fround(Math.fround(weight * code) * code));
  }
  for (let pass = 0; pass < 5; pass++) {
    let changed = false;
    for (let i = 0; i < count; i++) {
      const value = x[at + i]!;
      const code = levels[i]!;
      const weight = Math.fround(value * value);
      const weighted = Math.fround(weight * value);
      let otherProjection = Math.fround(projection - Math.fround(weighted * code));
      if (!(otherProjection > 0)) continue;
      let otherEnergy = Math.fround(energy - Math.fround(Math.fround(weight * code) * code));
      const better = nearestSigned(Math.fround(Math.fround(value * otherEnergy) / otherProjection), limit);
      if (better === code) continue;
      otherProjection = Math.fround(otherProjection + Math.fround(weighted * better));
      otherEnergy = Math.fround(otherEnergy + Math.fround(Math.fround(weight * better) * better));
      const gain = Math.fround(Math.fround(otherProjection * otherProjection) * energy);
      if (otherEnergy > 0 && gain > Math.fround(Math.fround(projection * projection) * otherEnergy)) {
        levels[i] = better;
        projection = otherProjection;
        energy = otherEnergy;
        changed = true;
      }
    }
    if (!changed) break;
  }
  for (let i = 0; i < count; i++) codes[codesAt + i] = levels[i]! + limit;
  return energy > 0 ? Math.fround(projection / energy) : 0;
}
