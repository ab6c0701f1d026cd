import { extremeValue, nearestSigned } from "./float32";
import type { WeightedValues } from "./weights";

/** Below this magnitude ggml takes a sub-block for zero. */
export const zeroMagnitude = Math.fround(1e-15);

const tenth = Math.fround(0.1);
const candidate = new Float32Array(32);

interface Fit {
  /** Σ w·x·code */
  projection: number;
  /** Σ w·code² */
  energy: number;
}

function fit(values: WeightedValues, limit: number, inverse: number, out: Fit): void {
  const { x, at, count, weights, weightsAt } = values;
  let projection = 0;
  let energy = 0;
  for (let i = 0; i < count; i++) {
    const value = x[at + i]!;
    const code = nearestSigned(Math.fround(inverse * value), limit);
    candidate[i] = code;
    const weight = weights[weightsAt + i]!;
    projection = Math.fround(projection + Math.fround(Math.fround(weight * value) * code));
    energy = Math.fround(energy + Math.fround(Math.fround(weight * code) * code));
  }
  out.projection = projection;
  out.energy = energy;
}

const trial: Fit = { projection: 0, energy: 0 };

/**
 * ggml's `make_qx_quants`: the scale of a symmetric sub-block with codes −limit … limit − 1, searched over 19 code widths by
 * weighted squares. Float32 throughout.
 *
 * @param codes receives code + limit, from `codesAt`
 * @returns the scale; 0 for an all-zero sub-block, whose codes are then 0
 */
export function makeQx(values: WeightedValues, limit: number, codes: Uint8Array, codesAt: number): number {
  const { x, at, count } = values;
  const extreme = extremeValue(x, at, count);
  if (Math.abs(extreme) < zeroMagnitude) {
    codes.fill(0, codesAt, codesAt + count);
    return 0;
  }
  fit(values, limit, Math.fround(-limit / extreme), trial);
  for (let i = 0; i < count; i++) codes[codesAt + i] = candidate[i]! + limit;
  let scale = trial.energy !== 0 ? Math.fround(trial.projection / trial.energy) : 0;
  let best = Math.fround(scale * trial.projection);
  for (let step = -9; step <= 9; step++) {
    if (step === 0) continue;
    const levels = Math.fround(limit + Math.fround(tenth * step));
    fit(values, limit, Math.fround(-levels / extreme), trial);
    const { projection, energy } = trial;
    if (energy > 0 && Math.fround(projection * projection) > Math.fround(best * energy)) {
      for (let i = 0; i < count; i++) codes[codesAt + i] = candidate[i]! + limit;
      scale = Math.fround(projection / energy);
      best = Math.fround(scale * projection);
    }
  }
  return scale;
}
