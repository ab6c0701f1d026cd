import { iq4Levels } from "../../decode/ggml/iq4nl";
import { extremeValue } from "./float32";
import { zeroMagnitude } from "./makeQx";
import type { WeightedValues } from "./weights";

/** Code of the level nearest to `value`, the upper one where both are as near. */
export function nearestLevel(value: number): number {
  if (value <= iq4Levels[0]) return 0;
  if (value >= iq4Levels[15]) return 15;
  let low = 0;
  let high = 15;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value < iq4Levels[middle]!) high = middle;
    else low = middle;
  }
  return Math.fround(value - iq4Levels[low]!) < Math.fround(iq4Levels[high]! - value) ? low : high;
}

interface Fit {
  /** Σ w·level·x */
  projection: number;
  /** Σ w·level² */
  energy: number;
}

function fit({ x, at, count, weights, weightsAt }: WeightedValues, inverse: number, out: Fit): void {
  let projection = 0;
  let energy = 0;
  for (let i = 0; i < count; i++) {
    const value = x[at + i]!;
    const level = iq4Levels[nearestLevel(Math.fround(inverse * value))]!;
    const weighted = Math.fround(weights[weightsAt + i]! * level);
    projection = Math.fround(projection + Math.fround(weighted * value));
    energy = Math.fround(energy + Math.fround(weighted * level));
  }
  out.projection = projection;
  out.energy = energy;
}

const trial: Fit = { projection: 0, energy: 0 };

/**
 * The scale of a sub-block of IQ4_NL or IQ4_XS: 16 spreads of the levels are tried, each solved for the best scale by
 * weighted least squares. Float32 throughout. Source: ggml `quantize_row_iq4_nl_impl`.
 *
 * @returns 0 for an all-zero sub-block
 */
export function makeIq4(values: WeightedValues): number {
  const extreme = extremeValue(values.x, values.at, values.count);
  if (Math.abs(extreme) < zeroMagnitude) return 0;
  fit(values, Math.fround(1 / Math.fround(-extreme / iq4Levels[0])), trial);
  let scale = trial.energy > 0 ? Math.fround(trial.projection / trial.energy) : 0;
  let best = Math.fround(scale * trial.projection);
  for (let step = -7; step <= 7; step++) {
    fit(values, Math.fround((step + iq4Levels[0]) / extreme), trial);
    const { projection, energy } = trial;
    if (energy > 0 && Math.fround(projection * projection) > Math.fround(best * energy)) {
      scale = Math.fround(projection / energy);
      best = Math.fround(scale * projection);
    }
  }
  return scale;
}
