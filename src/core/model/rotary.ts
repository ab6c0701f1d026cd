import type { RotaryEmbedding } from "./modelDescription";

/** Cosines and sines of every pair at every position of a sequence. */
export interface RotaryTable {
  readonly rotary: RotaryEmbedding;
  /** Position after position, a value for each pair. */
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
}

/** The table for sequences of `length` positions: where there are factors for long ones, these go by the length of the whole sequence. */
export function rotaryTable(rotary: RotaryEmbedding, length: number): RotaryTable {
  const { long, factor } = rotary;
  const frequencies = long && length > long.context ? long.frequencies : rotary.frequencies;
  const pairs = frequencies.length;
  const cosines = new Float32Array(length * pairs);
  const sines = new Float32Array(length * pairs);
  for (let position = 0; position < length; position++) {
    for (let i = 0; i < pairs; i++) {
      const angle = position * frequencies[i]!;
      cosines[position * pairs + i] = Math.cos(angle) * factor;
      sines[position * pairs + i] = Math.sin(angle) * factor;
    }
  }
  return { rotary, cosines, sines };
}

/**
 * Turns one head of one token, in place.
 *
 * @param at index of the head's first value
 */
export function rotate({ rotary, cosines, sines }: RotaryTable, position: number, values: Float32Array, at: number): void {
  const pairs = rotary.dimensions / 2;
  const isInterleaved = rotary.pairs === "interleaved";
  const step = isInterleaved ? 2 : 1;
  const distance = isInterleaved ? 1 : pairs;
  const row = position * pairs;
  for (let i = 0; i < pairs; i++) {
    const first = at + i * step;
    const a = values[first]!;
    const b = values[first + distance]!;
    const cosine = cosines[row + i]!;
    const sine = sines[row + i]!;
    values[first] = a * cosine - b * sine;
    values[first + distance] = b * cosine + a * sine;
  }
}
