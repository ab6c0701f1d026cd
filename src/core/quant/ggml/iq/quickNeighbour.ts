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

/**
 * A packed vector has four parts: single levels of vectors of 4, pairs of levels of vectors of 8. At `64·k + 16·part + bits of the
 * part`, for vector k of the sub-block: Σ w·q² and 2·Σ w·x·q over the part.
 */
const partQuadratic = new Float64Array(8 * 64);
const partLinear = new Float64Array(8 * 64);

/** For each of up to 8 vectors of the sub-block: the levels whose neighbours are kept; −1 for none, −2 for not even the parts. */
const keptFor = new Int32Array(8);
/** Per vector: its neighbours, the last chosen one first, and of each Σ w·q² and 2·Σ w·x·q. */
const kept = new Uint16Array(8 * mostNeighbours);
const quadratic = new Float64Array(8 * mostNeighbours);
const linear = new Float64Array(8 * mostNeighbours);
/** Per vector: Σ w·x², and Σ w·q² for the largest level. */
const constant = new Float64Array(8);
const reach = new Float64Array(8);

/** Half a unit in the last place of a float32 1. */
const rounding = 2 ** -24;

/** To be called when the sub-block has changed. */
export function forgetNeighbours(): void {
  keptFor.fill(-2);
}

function prepareParts({ width, bits, levels }: LatticeBook, k: number): void {
  const top = 2 * levels - 1;
  let squares = 0;
  let total = 0;
  for (let i = 0; i < width; i++) {
    const weight = rootWeights[width * k + i]!;
    const x = magnitudes[width * k + i]!;
    squares += weight * x * x;
    total += weight;
  }
  constant[k] = squares;
  reach[k] = total * top * top;
  for (let part = 0; part < 4; part++) {
    const at = 64 * k + 16 * part;
    const i = width * k + (width >> 2) * part;
    for (let l = 0; l < levels; l++) {
      const q = 2 * l + 1;
      const weighted = rootWeights[i]! * q;
      partQuadratic[at + l] = weighted * q;
      partLinear[at + l] = 2 * weighted * magnitudes[i]!;
    }
    if (width === 4) continue;
    for (let l = levels - 1; l >= 0; l--) {
      const q = 2 * l + 1;
      const weighted = rootWeights[i + 1]! * q;
      for (let low = 0; low < levels; low++) {
        partQuadratic[at + (l << bits) + low] = partQuadratic[at + low]! + weighted * q;
        partLinear[at + (l << bits) + low] = partLinear[at + low]! + 2 * weighted * magnitudes[i + 1]!;
      }
    }
  }
}

function keep(book: LatticeBook, packed: number, k: number): void {
  if (keptFor[k] === -2) prepareParts(book, k);
  const { first, neighbours } = book;
  const shift = book.width === 4 ? 3 : 4;
  const mask = (1 << shift) - 1;
  const start = first[packed]!;
  const count = first[packed + 1]! - start;
  for (let n = 0; n < count; n++) {
    const entry = neighbours[start + n]!;
    const p0 = (64 * k) | (entry & mask);
    const p1 = (64 * k + 16) | ((entry >> shift) & mask);
    const p2 = (64 * k + 32) | ((entry >> (2 * shift)) & mask);
    const p3 = (64 * k + 48) | (entry >> (3 * shift));
    kept[mostNeighbours * k + n] = entry;
    quadratic[mostNeighbours * k + n] = partQuadratic[p0]! + partQuadratic[p1]! + partQuadratic[p2]! + partQuadratic[p3]!;
    linear[mostNeighbours * k + n] = partLinear[p0]! + partLinear[p1]! + partLinear[p2]! + partLinear[p3]!;
  }
  keptFor[k] = packed;
}

/** Puts neighbour `n` of vector k first. */
function putFirst(k: number, n: number): void {
  const at = mostNeighbours * k;
  const entry = kept[at + n]!;
  const a = quadratic[at + n]!;
  const b = linear[at + n]!;
  kept[at + n] = kept[at]!;
  quadratic[at + n] = quadratic[at]!;
  linear[at + n] = linear[at]!;
  kept[at] = entry;
  quadratic[at] = a;
  linear[at] = b;
}

/** By how much two costs must differ at least so that float32 sums tell which is smaller; NaN or infinite where they might not. */
function margin(cost: number, k: number, scale: number): number {
  const extent = scale * scale * reach[k]!;
  // Outside of this range float32 products might lose digits.
  if (!(extent > 1e-28 && extent < 1e30)) return Infinity;
  // A rounding of scale·q changes a cost by at most 2·√(cost · Σ w·(scale·q)²) roundings; a dozen more are in the sum.
  const whole = Math.max(0, cost + constant[k]!) + 1e-14 * extent;
  return rounding * (8 * Math.sqrt(whole * extent) + 64 * whole);
}

/** Puts the neighbour of smallest cost first. Returns false if another comes too close. */
function search(k: number, count: number, scale: number): boolean {
  let least = Infinity;
  let second = Infinity;
  let best = 0;
  for (let n = 0, at = mostNeighbours * k; n < count; n++, at++) {
    const cost = scale * (scale * quadratic[at]! - linear[at]!);
    if (cost >= second) continue;
    if (cost < least) {
      second = least;
      least = cost;
      best = n;
    } else {
      second = cost;
    }
  }
  putFirst(k, best);
  return second - least > margin(least, k, scale);
}

/**
 * The same as {@link bestNeighbour} for vector k of the sub-block.
 *
 * @param levels what the levels stand for, scaled, in float32
 */
export function quickNeighbour(book: LatticeBook, packed: number, k: number, scale: number, levels: Float64Array): number {
  const count = book.first[packed + 1]! - book.first[packed]!;
  let at = mostNeighbours * k;
  if (keptFor[k] === packed) {
    // Mostly it is still the one of the last scale.
    const cost = scale * (scale * quadratic[at]! - linear[at]!);
    const bar = cost + margin(cost, k, scale);
    const end = at + count;
    for (at++; at < end && scale * (scale * quadratic[at]! - linear[at]!) > bar;) at++;
    if (at === end) return kept[mostNeighbours * k]!;
  } else {
    keep(book, packed, k);
  }
  return search(k, count, scale) ? kept[mostNeighbours * k]! : bestNeighbour(book, packed, magnitudes, rootWeights, book.width * k, levels);
}
