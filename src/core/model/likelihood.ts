import type { Arithmetic, ExponentialSums } from "./arithmetic";

/** What is known of the distributions that a model gives for some tokens, while their logits come in part by part. */
export interface LikelihoodSums extends ExponentialSums {
  /** Logit of the id that really follows. */
  readonly targetLogits: Float32Array;
}

/** Bytes of {@link likelihoodSums} for each token. */
export const likelihoodBytes = 16;

/** Sums for so many tokens, in memory that is zero at first and may be shared. */
export function likelihoodSums(memory: ArrayBufferLike, tokens: number): LikelihoodSums {
  return {
    sums: new Float64Array(memory, 0, tokens),
    maxima: new Float32Array(memory, 8 * tokens, tokens),
    targetLogits: new Float32Array(memory, 12 * tokens, tokens),
  };
}

/** The sums of tokens `[start, end)`. */
export function likelihoodsOf({ maxima, sums, targetLogits }: LikelihoodSums, start: number, end: number): LikelihoodSums {
  return { maxima: maxima.subarray(start, end), sums: sums.subarray(start, end), targetLogits: targetLogits.subarray(start, end) };
}

/**
 * Adds some logits of all the tokens of `into`.
 *
 * @param logits a row of `columns` for each
 * @param column index of the first
 * @param targets the id that follows each token; −1 for none
 * @param room of the arithmetic, for as many tokens
 */
export function addLogits(
  into: LikelihoodSums,
  logits: Float32Array,
  { column, columns }: { column: number; columns: number },
  targets: Int32Array,
  arithmetic: Arithmetic,
  room: ExponentialSums,
): void {
  const rows = targets.length;
  // Nothing is known yet where the sum is still 0.
  room.maxima.set(into.maxima.map((most, r) => (into.sums[r] === 0 ? -Infinity : most)));
  room.sums.set(into.sums);
  arithmetic.addExponentials(logits, rows, columns, room);
  into.maxima.set(room.maxima.subarray(0, rows));
  into.sums.set(room.sums.subarray(0, rows));
  for (let r = 0; r < rows; r++) {
    const place = targets[r]! - column;
    if (place >= 0 && place < columns) into.targetLogits[r] = logits[r * columns + place]!;
  }
}

/** Logarithm of the sum of all exponentials of each token's logits. */
export function logSums({ maxima, sums }: ExponentialSums): Float64Array {
  return Float64Array.from(sums, (sum, i) => maxima[i]! + Math.log(sum));
}

/** Negative log-likelihood of the id that follows each token, in nats. */
export function negativeLogLikelihoods(likelihood: LikelihoodSums): Float64Array {
  return logSums(likelihood).map((logSum, i) => logSum - likelihood.targetLogits[i]!);
}
