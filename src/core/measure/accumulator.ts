/**
 * A measurement that can be taken in pieces: a monoid. Adding blocks in any split and order, in any number of
 * accumulators that are then merged, gives the same result (counts exactly, float64 sums to 1e-12 relative).
 *
 * @typeParam B what is added; R the finished figures; S a plain, cloneable state that crosses threads and machines.
 */
export interface Accumulator<B, R, S> {
  add(block: B): void;
  merge(state: S): void;
  state(): S;
  result(): R;
}
