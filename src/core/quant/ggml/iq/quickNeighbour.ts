/*
 * The search for a neighbour is most of the work: every candidate scale asks for it again, for vectors that mostly round to the same
 * levels as before. Its cost is a quadratic in the scale, Σ w·(scale·q − x)², so the coefficients are kept for as long as a vector
 * rounds to the same levels, and costs are compared in float64. Where two are closer than float32 can tell, ggml's own sums decide.
 */
import { bestNeighbour } from "./bestNeighbour";
import type { LatticeBook } from "./latticeBook";
import { magnitudes, rootWeights } from "./subBlock";

/** No vector in any of the books has as many neighbours. */
const mostNeighbours = 320;

/** For each of up to 8 vectors of the sub-block: the levels whose neighbours are kept, or −1. */
const keptFor = new Int32Array(8);
/** Per vector and neighbour: Σ w·q² and 2·Σ w·x·q. */
const quadratic = new Float64Array(8 * mostNeighbours);
const linear = new Float64Array(8 * mostNeighbours);
/** Per vector: Σ w·x², and Σ w·q² for the largest level. */
const constant = new Float64Array(8);
const reach = new Float64Array(8);

/** Half a unit in the last place of a float32 1. */
const rounding = 2 ** -24;

/** To be called when the sub-block has changed. */
export function forgetNeighbours(): void {
  keptFor.fill(-1);
}

function keep(book: LatticeBook, packed: number, k: number): void {
  const { width, bits, first, neighbours } = book;
  const mask = (1 << bits) - 1;
  const at = width * k;
  const top = 2 * book.levels - 1;
  let squares = 0;
  let total = 0;
  for (let i = at; i < at + width; i++) {
    squares += rootWeights[i]! * magnitudes[i]! * magnitudes[i]!;
    total += rootWeights[i]!;
  }
  const start = first[packed]!;
  const count = first[packed + 1]! - start;
  for (let n = 0; n < count; n++) {
    let entry = neighbours[start + n]!;
    let a = 0;
    let b = 0;
    for (let i = at; i < at + width; i++, entry >>= bits) {
      const q = 2 * (entry & mask) + 1;
      const weighted = rootWeights[i]! * q;
      a += weighted * q;
      b += weighted * magnitudes[i]!;
    }
    quadratic[mostNeighbours * k + n] = a;
    linear[mostNeighbours * k + n] = 2 * b;
  }
  keptFor[k] = packed;
  constant[k] = squares;
  reach[k] = total * top * top;
}

/**
 * The same as {@link bestNeighbour} for vector k of the sub-block.
 *
 * @param levels what the levels stand for, scaled, in float32
 */
export function quickNeighbour(book: LatticeBook, packed: number, k: number, scale: number, levels: Float64Array): number {
  if (keptFor[k] !== packed) keep(book, packed, k);
  const start = book.first[packed]!;
  const count = book.first[packed + 1]! - start;
  let least = Infinity;
  let second = Infinity;
  let best = 0;
  for (let n = 0, at = mostNeighbours * k; n < count; n++, at++) {
    const cost = scale * (scale * quadratic[at]! - linear[at]!);
    if (cost < second) {
      if (cost < least) {
        second = least;
        least = cost;
        best = n;
      } else {
        second = cost;
      }
    }
  }
  // An error of a rounding in scale·q changes the cost by at most 2·√(cost · Σ w·(scale·q)²) roundings; a dozen more are in the sum.
  const extent = scale * scale * reach[k]!;
  const cost = Math.max(0, least + constant[k]!) + 1e-14 * extent;
  const margin = rounding * (8 * Math.sqrt(cost * extent) + 64 * cost);
  // Outside of this range float32 products might lose digits.
  const certain = second - least > margin && extent > 1e-28 && extent < 1e30;
  return certain ? book.neighbours[start + best]! : bestNeighbour(book, packed, magnitudes, rootWeights, book.width * k, levels);
}
