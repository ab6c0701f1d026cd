import { type LikelihoodSums, logSums } from "./likelihood";

/** What is known of how the distributions of two models differ for some tokens, beside the {@link LikelihoodSums} of both. */
export interface DivergenceSums {
  /** Σ e^(p − largest p) · (p − q) over the logits p of the first and q of the second model. */
  readonly crossed: Float64Array;
  /** The id that each finds most likely. */
  readonly firstTop: Int32Array;
  readonly secondTop: Int32Array;
}

/** Bytes of {@link divergenceSums} for each token. */
export const divergenceBytes = 16;

/** Sums for so many tokens, in memory that is zero at first and may be shared. */
export function divergenceSums(memory: ArrayBufferLike, tokens: number): DivergenceSums {
  return {
    crossed: new Float64Array(memory, 0, tokens),
    firstTop: new Int32Array(memory, 8 * tokens, tokens),
    secondTop: new Int32Array(memory, 12 * tokens, tokens),
  };
}

/** The sums of tokens `[start, end)`. */
export function divergencesOf({ crossed, firstTop, secondTop }: DivergenceSums, start: number, end: number): DivergenceSums {
  return { crossed: crossed.subarray(start, end), firstTop: firstTop.subarray(start, end), secondTop: secondTop.subarray(start, end) };
}

/**
 * Adds some logits of all the tokens of `into`, before they are added to the likelihoods.
 *
 * @param first, second a row of `columns` logits for each
 * @param column index of the first of them
 */
export function addDivergence(
  into: DivergenceSums,
  likelihoods: readonly [LikelihoodSums, LikelihoodSums],
  first: Float32Array,
  second: Float32Array,
  { column, columns }: { column: number; columns: number },
): void {
  for (let r = 0; r < into.crossed.length; r++) {
    const start = r * columns;
    const before = largestSoFar(likelihoods[0], r);
    const top = largestOf(first, start, columns, before);
    if (top.index >= 0) into.firstTop[r] = column + top.index;
    const other = largestOf(second, start, columns, largestSoFar(likelihoods[1], r));
    if (other.index >= 0) into.secondTop[r] = column + other.index;
    let sum = before === -Infinity ? 0 : into.crossed[r]! * Math.exp(before - top.value);
    for (let i = start; i < start + columns; i++) sum += Math.exp(first[i]! - top.value) * (first[i]! - second[i]!);
    into.crossed[r] = sum;
  }
}

const largestSoFar = ({ maxima, sums }: LikelihoodSums, token: number): number => (sums[token] === 0 ? -Infinity : maxima[token]!);

/** Index −1 where none is above `most`. */
function largestOf(values: Float32Array, start: number, count: number, most: number): { value: number; index: number } {
  let index = -1;
  let value = most;
  for (let i = 0; i < count; i++) {
    if (values[start + i]! > value) {
      value = values[start + i]!;
      index = i;
    }
  }
  return { value, index };
}

/** Kullback-Leibler divergence of the second model's distribution from the first's, for each token, in nats. */
export function divergences({ crossed }: DivergenceSums, first: LikelihoodSums, second: LikelihoodSums): Float64Array {
  const [firstLogs, secondLogs] = [logSums(first), logSums(second)];
  // Rounding may leave a little less than nothing.
  return crossed.map((sum, i) => Math.max(0, sum / first.sums[i]! - firstLogs[i]! + secondLogs[i]!));
}
