/** Angles per position of each pair of `dimensions` values: θ^(−2i/d). */
export function plainFrequencies(theta: number, dimensions: number): number[] {
  return Array.from({ length: dimensions / 2 }, (_, i) => theta ** ((-2 * i) / dimensions));
}

/** Angles that are divided, each by a factor of its own. */
export function dividedFrequencies(frequencies: readonly number[], factors: readonly number[]): number[] {
  return frequencies.map((frequency, i) => frequency / factors[i]!);
}

/** How YaRN stretches positions (Peng et al. 2023). */
export interface YarnScaling {
  readonly theta: number;
  readonly dimensions: number;
  readonly factor: number;
  /** Context that the model was trained for at first. */
  readonly original: number;
  /** Turns over the original context above which a pair keeps its angle, and below which it is stretched wholly. */
  readonly betaFast: number;
  readonly betaSlow: number;
  /** Whether the pairs between are counted from whole ones on. */
  readonly truncate: boolean;
}

/** Fast pairs keep their angles, slow ones are divided by the factor, those between are mixed. */
export function yarnFrequencies({ theta, dimensions, factor, original, betaFast, betaSlow, truncate }: YarnScaling): number[] {
  const pairOf = (turns: number): number => (dimensions * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(truncate ? Math.floor(pairOf(betaFast)) : pairOf(betaFast), 0);
  const high = Math.min(truncate ? Math.ceil(pairOf(betaSlow)) : pairOf(betaSlow), dimensions - 1);
  return plainFrequencies(theta, dimensions).map((frequency, i) => {
    const stretched = Math.min(1, Math.max(0, (i - low) / Math.max(0.001, high - low)));
    return (frequency / factor) * stretched + frequency * (1 - stretched);
  });
}

/** How much YaRN sharpens the attention: sine and cosine are multiplied with it. */
export function yarnMagnitude(factor: number, weight = 1): number {
  return factor > 1 ? 0.1 * weight * Math.log(factor) + 1 : 1;
}
