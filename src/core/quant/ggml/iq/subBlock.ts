import { storeUint16 } from "../float32";
import type { BlockImportance } from "../weights";

/*
 * The 16 or 32 values at hand, as the searches of the IQ types need them. All are float32 values, kept in float64 arrays so that
 * reading them costs no conversion.
 */

/** Magnitudes. With an even number of signs one of them may be negative, see {@link splitSigns}. */
export const magnitudes = new Float64Array(32);
/** Weights of the squared errors. */
export const weights = new Float64Array(32);
/** Their square roots, which weigh the distance to neighbours in the code book. */
export const rootWeights = new Float64Array(32);
/** A bit for each negative value, 8 values a byte. */
export const signs = new Uint8Array(4);

/**
 * Mean square of a super-block's 256 values times `factor` (1 or 2), which is applied before the division as in ggml: float32, summed
 * in order.
 */
export function spreadOf(source: Float32Array, at: number, factor: number): number {
  let sum = 0;
  for (let i = at; i < at + 256; i++) {
    const value = source[i]!;
    sum = Math.fround(sum + Math.fround(value * value));
  }
  return Math.fround(Math.fround(factor * sum) / 256);
}

/**
 * Weights of `count` values of a block, from its value `from`, and their roots: importance · √(spread + x²), or floor + x² where
 * there is no importance.
 */
export function fillWeights(
  source: Float32Array,
  at: number,
  from: number,
  count: number,
  spread: number,
  floor: number,
  importance: BlockImportance | undefined,
): void {
  for (let i = 0; i < count; i++) {
    const value = source[at + from + i]!;
    const square = Math.fround(value * value);
    const weight = importance
      ? Math.fround(importance.weights[importance.column + from + i]! * Math.fround(Math.sqrt(Math.fround(spread + square))))
      : Math.fround(floor + square);
    weights[i] = weight;
    rootWeights[i] = Math.fround(Math.sqrt(weight));
  }
}

/**
 * Takes `count` values apart into magnitudes and signs.
 *
 * @param even types that store 7 of 8 signs need an even number of negative ones in each 8: where it is odd, the value that matters
 *   least (smallest weight · x²) gets the wrong sign, and its magnitude becomes negative
 * @returns the largest magnitude
 */
export function splitSigns(source: Float32Array, at: number, count: number, even: boolean): number {
  for (let group = 0; group < count / 8; group++) {
    let bits = 0;
    let negatives = 0;
    for (let i = 0; i < 8; i++) {
      const value = source[at + 8 * group + i]!;
      // Comparing with ≥ leaves −0 and, as ggml does, takes NaN for negative.
      if (value >= 0) {
        magnitudes[8 * group + i] = value;
      } else {
        magnitudes[8 * group + i] = -value;
        bits |= 1 << i;
        negatives++;
      }
    }
    if (even && negatives % 2 === 1) {
      const least = leastImportant(source, at + 8 * group, 8 * group);
      magnitudes[8 * group + least] = -magnitudes[8 * group + least]!;
      bits ^= 1 << least;
    }
    signs[group] = bits;
  }
  let max = magnitudes[0]!;
  for (let i = 1; i < count; i++) if (magnitudes[i]! > max) max = magnitudes[i]!;
  return max;
}

/** Which of 8 values has the smallest weight · x² (the first of equals). */
function leastImportant(source: Float32Array, at: number, weightsAt: number): number {
  let least = 0;
  let min = Infinity;
  for (let i = 0; i < 8; i++) {
    const value = source[at + i]!;
    const cost = Math.fround(Math.fround(weights[weightsAt + i]! * value) * value);
    if (i === 0 || cost < min) {
      min = cost;
      least = i;
    }
  }
  return least;
}

/** Stores the signs of 32 values, 7 of each 8, in the low 28 bits of a word. */
export function storeEvenSigns(target: Uint8Array, offset: number): void {
  const word = (signs[0]! & 127) | ((signs[1]! & 127) << 7) | ((signs[2]! & 127) << 14) | ((signs[3]! & 127) << 21);
  storeUint16(target, offset, word & 0xffff);
  storeUint16(target, offset + 2, word >> 16);
}
