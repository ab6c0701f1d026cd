import { nearestCode } from "../float32";
import type { LatticeBook } from "./latticeBook";
import { bestNeighbour } from "./bestNeighbour";
import { notRepresentable } from "./outOfRange";
import { forgetNeighbours, quickNeighbour } from "./quickNeighbour";
import { magnitudes, rootWeights, signs, weights } from "./subBlock";

/** How the scale of a sub-block is searched for. */
export interface ScaleSearch {
  /** Values of a sub-block. */
  readonly size: number;
  /** Candidates on either side of the scale that maps the largest value to the largest level. */
  readonly steps: number;
  /** Distance of two candidates, in units of a level. */
  readonly step: number;
}

/** The entry chosen for each vector of the sub-block, packed. */
export const chosen = new Uint16Array(8);
/** 1 where plain rounding with the best candidate gave that entry. */
export const onGrid = new Uint8Array(8);

const candidate = new Uint16Array(8);
const candidateOnGrid = new Uint8Array(8);
/** For each vector, the levels it rounds to, and the 1 / scale below which it certainly still does. */
const rounded = new Uint16Array(8);
const changesAt = new Float64Array(8);
/** For value i and level l at `8·i + l`: what it adds to Σ w·x·q and Σ w·q², with q = 2·l + 1. */
const projections = new Float64Array(256);
const energies = new Float64Array(256);
/** The levels times the scale at hand. */
const scaledLevels = new Float64Array(8);
/** Σ w·x·q and Σ w·q² of the last {@link sum}. */
const sums = new Float64Array(2);

/** 1.5·2⁵²: float64 numbers this large have no fraction. */
const magic = 6_755_399_441_055_744;
/** Up to here a float32 less 1 is a float32, and ggml's rounding trick works. */
const exactBelow = 8_000_000;

/** Fills {@link projections} and {@link energies} from the sub-block. */
function prepareSums(size: number, levels: number): void {
  for (let i = 0; i < size; i++) {
    const weight = weights[i]!;
    const weighted = Math.fround(weight * magnitudes[i]!);
    for (let l = 0; l < levels; l++) {
      const q = 2 * l + 1;
      projections[8 * i + l] = Math.fround(weighted * q);
      energies[8 * i + l] = Math.fround(Math.fround(weight * q) * q);
    }
  }
}

function prepareLevels(levels: number, scale: number): void {
  for (let l = 0; l < levels; l++) scaledLevels[l] = Math.fround(scale * (2 * l + 1));
}

/** Leaves Σ w·x·q and Σ w·q² over the sub-block for these packed vectors in {@link sums}: in float32 and in order. */
function sum(vectors: Uint16Array, book: LatticeBook, size: number): void {
  const { width, bits } = book;
  const mask = (1 << bits) - 1;
  let projection = 0;
  let energy = 0;
  for (let i = 0, k = 0; i < size; k++) {
    let packed = vectors[k]!;
    for (const end = i + width; i < end; i++) {
      const at = 8 * i + (packed & mask);
      packed >>= bits;
      projection = Math.fround(projection + projections[at]!);
      energy = Math.fround(energy + energies[at]!);
    }
  }
  sums[0] = projection;
  sums[1] = energy;
}

/** The vector of levels nearest to the values of vector k when divided by the scale, packed; it need not be in the book. */
function roundVector(book: LatticeBook, k: number, inverse: number): number {
  const { width, bits } = book;
  const top = book.levels - 1;
  const at = width * k;
  let packed = 0;
  for (let i = 0; i < width; i++) {
    const scaled = Math.fround(inverse * magnitudes[at + i]!);
    // As ggml, (scaled − 1) / 2 to the nearest integer, which in this range is exact in float32 before it is rounded.
    const level =
      scaled < 1
        ? 0
        : scaled < exactBelow
          ? (scaled * 0.5 - 0.5 + magic - magic) | 0
          : nearestCode(Math.fround(0.5 * Math.fround(scaled - 1)), top);
    packed |= (level > top ? top : level) << (bits * i);
  }
  return packed;
}

/** The smallest 1 / scale at which vector k might round to other levels than these: candidates come by growing 1 / scale. */
function nextChange(book: LatticeBook, packed: number, k: number): number {
  const { width, bits } = book;
  const top = book.levels - 1;
  let next = Infinity;
  for (let i = width * k; i < width * (k + 1); i++, packed >>= bits) {
    const level = packed & ((1 << bits) - 1);
    const x = magnitudes[i]!;
    if (!(x > 0)) continue;
    const change = (level === top ? exactBelow : 2 * level + 2) / x;
    if (change < next) next = change;
  }
  return next * 0.999999;
}

/**
 * Tries the scales near `max` / largest level on the sub-block and keeps the one with the best weighted fit; its entries are then in
 * {@link chosen}, and {@link onGrid} says which came from plain rounding.
 *
 * @param max the value that candidate 0 maps to the largest level
 * @param scale what it is if no candidate fits
 * @param startOnGrid what {@link onGrid} says then
 * @returns the scale
 */
export function searchScale(book: LatticeBook, search: ScaleSearch, max: number, scale: number, startOnGrid: boolean): number {
  const { size, steps, step } = search;
  const vectors = size / book.width;
  const top = 2 * book.levels - 1;
  prepareSums(size, book.levels);
  forgetNeighbours();
  chosen.fill(0);
  onGrid.fill(startOnGrid ? 1 : 0);
  let best = 0;
  changesAt.fill(0);
  for (let s = -steps; s <= steps; s++) {
    const inverse = Math.fround(Math.fround(top + Math.fround(s * step)) / max);
    const candidateScale = Math.fround(1 / inverse);
    prepareLevels(book.levels, candidateScale);
    let changed = s === -steps;
    for (let k = 0; k < vectors; k++) {
      const before = candidate[k]!;
      if (!(inverse < changesAt[k]!)) {
        const packed = roundVector(book, k, inverse);
        rounded[k] = packed;
        changesAt[k] = nextChange(book, packed, k);
        candidateOnGrid[k] = book.indexOf[packed]! >= 0 ? 1 : 0;
        candidate[k] = packed;
      }
      if (candidateOnGrid[k] === 0) candidate[k] = quickNeighbour(book, rounded[k]!, k, candidateScale, scaledLevels);
      if (candidate[k] !== before) changed = true;
    }
    if (changed) sum(candidate, book, size);
    const projection = sums[0]!;
    const energy = sums[1]!;
    if (energy > 0 && Math.fround(projection * projection) > Math.fround(best * energy)) {
      scale = Math.fround(projection / energy);
      best = Math.fround(scale * projection);
      for (let k = 0; k < vectors; k++) {
        chosen[k] = candidate[k]!;
        onGrid[k] = candidateOnGrid[k]!;
      }
    }
  }
  return scale;
}

/**
 * Chooses entries again for a scale: of all vectors, or only of those that plain rounding did not put on the grid.
 *
 * @returns the scale that fits the new entries best
 */
export function refine(book: LatticeBook, size: number, scale: number, onlyOffGrid: boolean): number {
  const vectors = size / book.width;
  const inverse = Math.fround(1 / scale);
  prepareLevels(book.levels, scale);
  for (let k = 0; k < vectors; k++) {
    if (onlyOffGrid && onGrid[k] === 1) continue;
    const packed = roundVector(book, k, inverse);
    chosen[k] = book.indexOf[packed]! >= 0 ? packed : bestNeighbour(book, packed, magnitudes, rootWeights, book.width * k, scaledLevels);
  }
  sum(chosen, book, size);
  return sums[1]! > 0 ? Math.fround(sums[0]! / sums[1]!) : scale;
}

/** True if the entry of one of the first `vectors` vectors did not come from plain rounding. */
export function anyOffGrid(vectors: number): boolean {
  for (let k = 0; k < vectors; k++) if (onGrid[k] === 0) return true;
  return false;
}

/**
 * Scales are stored without sign: makes one that came out negative positive, and turns the signs of the sub-block around instead.
 *
 * @throws UsageError `values-out-of-range` if it is not a number
 */
export function positive(scale: number): number {
  if (scale >= 0) return scale;
  if (!(scale < 0)) throw notRepresentable();
  for (let k = 0; k < signs.length; k++) signs[k] = ~signs[k]!;
  return -scale;
}
