import type { LatticeBook } from "./latticeBook";
import { notRepresentable } from "./outOfRange";

/** For value i of the vector and level l at `8·i + l`: its weighted squared distance from the scaled level. */
const costs = new Float64Array(64);

const largestFloat = 3.4028234663852886e38;

/**
 * The neighbour of `packed` in the book that comes closest to the values at `at`: by weighted squares, in float32, added in order;
 * the first of equals.
 *
 * @param levels what the levels stand for, before scaling
 * @throws UsageError `values-out-of-range` if no distance is finite
 */
export function bestNeighbour(
  book: LatticeBook,
  packed: number,
  x: Float64Array,
  weights: Float64Array,
  at: number,
  scale: number,
  levels: Float64Array,
): number {
  const { width, bits, first, neighbours } = book;
  for (let l = 0; l < book.levels; l++) {
    const level = Math.fround(scale * levels[l]!);
    for (let i = 0; i < width; i++) {
      const difference = Math.fround(level - x[at + i]!);
      costs[8 * i + l] = Math.fround(Math.fround(weights[at + i]! * difference) * difference);
    }
  }
  const mask = (1 << bits) - 1;
  const end = first[packed + 1]!;
  let best = -1;
  let least = largestFloat;
  for (let n = first[packed]!; n < end; n++) {
    const entry = neighbours[n]!;
    let cost = 0;
    for (let i = 0, rest = entry; i < width; i++, rest >>= bits) cost = Math.fround(cost + costs[8 * i + (rest & mask)]!);
    if (cost < least) {
      least = cost;
      best = entry;
    }
  }
  if (best < 0) throw notRepresentable();
  return best;
}
