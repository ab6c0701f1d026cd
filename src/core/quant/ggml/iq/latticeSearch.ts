import { nearestCode } from "../float32";
import type { LatticeBook } from "./latticeBook";
import { bestNeighbour } from "./bestNeighbour";
import { notRepresentable } from "./outOfRange";
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
/** For value i and level l at `8·i + l`: what it adds to Σ w·x·q and Σ w·q², with q = 2·l + 1. */
const projections = new Float64Array(256);
const energies = new Float64Array(256);
/** What the levels stand for, before scaling. */
const oddLevels = Float64Array.from({ length: 8 }, (_, l) => 2 * l + 1);

let sumProjection = 0;
let sumEnergy = 0;

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

/** Σ w·x·q and Σ w·q² over the sub-block for these packed vectors, in float32 and in order. */
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
  sumProjection = projection;
  sumEnergy = energy;
}

/** The vector of levels nearest to the values of vector k when divided by the scale, packed; it need not be in the book. */
function roundVector(book: LatticeBook, k: number, inverse: number): number {
  const { width, bits, levels } = book;
  let packed = 0;
  for (let i = 0; i < width; i++) {
    const scaled = Math.fround(inverse * magnitudes[width * k + i]!);
    packed |= nearestCode(Math.fround(0.5 * Math.fround(scaled - 1)), levels - 1) << (bits * i);
  }
  return packed;
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
  chosen.fill(0);
  onGrid.fill(startOnGrid ? 1 : 0);
  let best = 0;
  for (let s = -steps; s <= steps; s++) {
    const inverse = Math.fround(Math.fround(top + Math.fround(s * step)) / max);
    const candidateScale = Math.fround(1 / inverse);
    for (let k = 0; k < vectors; k++) {
      const packed = roundVector(book, k, inverse);
      const isEntry = book.indexOf[packed]! >= 0;
      candidateOnGrid[k] = isEntry ? 1 : 0;
      candidate[k] = isEntry ? packed : bestNeighbour(book, packed, magnitudes, rootWeights, book.width * k, candidateScale, oddLevels);
    }
    sum(candidate, book, size);
    if (sumEnergy > 0 && Math.fround(sumProjection * sumProjection) > Math.fround(best * sumEnergy)) {
      scale = Math.fround(sumProjection / sumEnergy);
      best = Math.fround(scale * sumProjection);
      chosen.set(candidate);
      onGrid.set(candidateOnGrid);
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
  for (let k = 0; k < vectors; k++) {
    if (onlyOffGrid && onGrid[k] === 1) continue;
    const packed = roundVector(book, k, inverse);
    chosen[k] =
      book.indexOf[packed]! >= 0 ? packed : bestNeighbour(book, packed, magnitudes, rootWeights, book.width * k, scale, oddLevels);
  }
  sum(chosen, book, size);
  return sumEnergy > 0 ? Math.fround(sumProjection / sumEnergy) : scale;
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
