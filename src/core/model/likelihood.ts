import type { Arithmetic } from "./arithmetic";
import type { LogitTile } from "./head";

/** What is known of the distributions that a model gives for some tokens, when it has been seen in part or in whole. */
export interface LikelihoodSums {
  /** Largest logit so far, and Σ e^(logit − largest). */
  readonly maxima: Float32Array;
  readonly sums: Float64Array;
  /** Logit of the id that really follows. */
  readonly targetLogits: Float32Array;
}

/** Bytes of {@link likelihoodSums} for each token. */
export const likelihoodBytes = 16;

/** Sums over the memory of `buffer`, from byte 0 on: 16 bytes for each token. @param isNew fill them with what they begin with */
export function likelihoodSums(buffer: ArrayBufferLike, tokens: number, isNew: boolean): LikelihoodSums {
  const sums = new Float64Array(buffer, 0, tokens);
  const maxima = new Float32Array(buffer, 8 * tokens, tokens);
  const targetLogits = new Float32Array(buffer, 12 * tokens, tokens);
  if (isNew) maxima.fill(-Infinity);
  return { maxima, sums, targetLogits };
}

/** Part of the sums for tokens `[start, end)`. */
export function sumsOf({ maxima, sums, targetLogits }: LikelihoodSums, start: number, end: number): LikelihoodSums {
  return { maxima: maxima.subarray(start, end), sums: sums.subarray(start, end), targetLogits: targetLogits.subarray(start, end) };
}

/**
 * Adds a tile of logits.
 *
 * @param targets the id that follows each token; −1 for none
 */
export function addLikelihood(
  into: LikelihoodSums,
  { row, rows, column, columns, logits }: LogitTile,
  targets: Int32Array,
  arithmetic: Arithmetic,
  room: { maxima: Float32Array; sums: Float64Array },
): void {
  // The kernels work in a memory of their own.
  room.maxima.set(into.maxima.subarray(row, row + rows));
  room.sums.set(into.sums.subarray(row, row + rows));
  arithmetic.addExponentials(logits, rows, columns, room);
  into.maxima.set(room.maxima.subarray(0, rows), row);
  into.sums.set(room.sums.subarray(0, rows), row);
  for (let r = 0; r < rows; r++) {
    const place = targets[row + r]! - column;
    if (place >= 0 && place < columns) into.targetLogits[row + r] = logits[r * columns + place]!;
  }
}

/** Negative log-likelihood of the id that follows each token, in nats. */
export function negativeLogLikelihoods({ maxima, sums, targetLogits }: LikelihoodSums): Float64Array {
  return Float64Array.from(sums, (sum, i) => maxima[i]! + Math.log(sum) - targetLogits[i]!);
}
