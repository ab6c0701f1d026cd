import type { LatticeBook } from "./latticeBook";
import { notRepresentable } from "./outOfRange";

/** For value i of a vector of 8 and level l at `4·i + l`: its weighted squared distance from the scaled level. */
const costs = new Float64Array(32);

const largestFloat = 3.4028234663852886e38;

/**
 * The neighbour of `packed` in the book that comes closest to the values from `x[at]`: by weighted squares, in float32, added in order;
 * the first of equals. Where a sum of costs already is too large, the rest is left out: it can only grow.
 *
 * @param levels what the levels stand for, scaled
 * @throws UsageError `values-out-of-range` if no distance is finite
 */
export function bestNeighbour(
  book: LatticeBook,
  packed: number,
  x: Float64Array,
  weights: Float64Array,
  at: number,
  levels: Float64Array,
): number {
  const best = book.width === 8 ? bestOfEight(book, packed, x, weights, at, levels) : bestOfFour(book, packed, x, weights, at, levels);
  if (best < 0) throw notRepresentable();
  return best;
}

/** Neighbours are many and levels few: the costs of all levels come first, then only sums are left to do. */
function bestOfEight(book: LatticeBook, packed: number, x: Float64Array, weights: Float64Array, at: number, levels: Float64Array): number {
  const { first, neighbours } = book;
  for (let i = 0; i < 8; i++) {
    const value = x[at + i]!;
    const weight = weights[at + i]!;
    for (let l = 0; l < 3; l++) {
      const difference = Math.fround(levels[l]! - value);
      costs[4 * i + l] = Math.fround(Math.fround(weight * difference) * difference);
    }
  }
  const end = first[packed + 1]!;
  let best = -1;
  let least = largestFloat;
  for (let n = first[packed]!; n < end; n++) {
    const entry = neighbours[n]!;
    let cost = Math.fround(costs[entry & 3]! + costs[4 | ((entry >> 2) & 3)]!);
    cost = Math.fround(cost + costs[8 | ((entry >> 4) & 3)]!);
    cost = Math.fround(cost + costs[12 | ((entry >> 6) & 3)]!);
    if (cost >= least) continue;
    cost = Math.fround(cost + costs[16 | ((entry >> 8) & 3)]!);
    cost = Math.fround(cost + costs[20 | ((entry >> 10) & 3)]!);
    cost = Math.fround(cost + costs[24 | ((entry >> 12) & 3)]!);
    cost = Math.fround(cost + costs[28 | (entry >> 14)]!);
    if (cost < least) {
      least = cost;
      best = entry;
    }
  }
  return best;
}

function bestOfFour(book: LatticeBook, packed: number, x: Float64Array, weights: Float64Array, at: number, levels: Float64Array): number {
  const { first, neighbours } = book;
  const end = first[packed + 1]!;
  let best = -1;
  let least = largestFloat;
  for (let n = first[packed]!; n < end; n++) {
    const entry = neighbours[n]!;
    let cost = 0;
    for (let i = 0; i < 4 && cost < least; i++) {
      const difference = Math.fround(levels[(entry >> (3 * i)) & 7]! - x[at + i]!);
      cost = Math.fround(cost + Math.fround(Math.fround(weights[at + i]! * difference) * difference));
    }
    if (cost < least) {
      least = cost;
      best = entry;
    }
  }
  return best;
}
