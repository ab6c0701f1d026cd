/*
 * What IQ1_S and IQ1_M share: vectors of −1, 0 and 1, all raised or all lowered by an eighth. Float32 values throughout, kept in
 * float64 arrays as in `subBlock.ts`.
 */
import { bestNeighbour } from "./bestNeighbour";
import type { LatticeBook } from "./latticeBook";
import { weights } from "./subBlock";

/** What the levels 0, 1, 2 stand for in a raised vector. */
export const raised = Float64Array.of(-0.875, 0.125, 1.125);
/** … and in a lowered one. */
export const lowered = Float64Array.of(-1.125, -0.125, 0.875);

/** The values of the sub-block at hand. */
export const values = new Float64Array(32);
/** Their positions by ascending value; equal ones stay in order. */
export const order = new Uint8Array(32);
/** The level of each value. */
export const levels = new Uint8Array(32);
/** The entries chosen for the vectors of the sub-block, packed. */
export const chosen = new Uint16Array(4);

/** Loads `count` values and sorts them. Returns the largest magnitude. */
export function loadSorted(source: Float32Array, at: number, count: number): number {
  let max = 0;
  for (let i = 0; i < count; i++) {
    const value = source[at + i]!;
    values[i] = value;
    if (Math.abs(value) > max) max = Math.abs(value);
    let place = i;
    for (; place > 0 && values[order[place - 1]!]! > value; place--) order[place] = order[place - 1]!;
    order[place] = i;
  }
  return max;
}

/** Gives the values up to `low` in ascending order the level 0, those from `high` the level 2, those between 1. */
export function assignLevels(count: number, low: number, high: number, mirrored: boolean): void {
  for (let j = 0; j < count; j++) {
    const level = j < low ? 0 : j < high ? 1 : 2;
    levels[order[j]!] = mirrored ? 2 - level : level;
  }
}

const scaledLevels = new Float64Array(3);

/** What Σ w·q·x and Σ w·q² were at the last {@link addVector}. */
export const sums = { projection: 0, energy: 0 };

/** Adds to {@link sums} the 8 values from `at` for the packed entry, with levels times `factor`. */
export function addVector(packed: number, at: number, numbers: Float64Array, factor: number): void {
  let { projection, energy } = sums;
  for (let i = at, rest = packed; i < at + 8; i++, rest >>= 2) {
    const q = Math.fround(numbers[rest & 3]! * factor);
    const weighted = Math.fround(weights[i]! * q);
    projection = Math.fround(projection + Math.fround(weighted * values[i]!));
    energy = Math.fround(energy + Math.fround(weighted * q));
  }
  sums.projection = projection;
  sums.energy = energy;
}

/**
 * Chooses the entries of `vectors` vectors for the {@link levels} of the sub-block.
 *
 * @param shifted per vector, {@link raised} or {@link lowered}
 * @returns the scale that fits them best, if one had to be a neighbour; else `scale`
 */
export function chooseEntries(book: LatticeBook, vectors: number, scale: number, shifted: readonly Float64Array[]): number {
  let allOnGrid = true;
  for (let k = 0; k < vectors; k++) {
    let packed = 0;
    for (let i = 0; i < 8; i++) packed |= levels[8 * k + i]! << (2 * i);
    if (book.indexOf[packed]! < 0) {
      allOnGrid = false;
      for (let l = 0; l < 3; l++) scaledLevels[l] = Math.fround(scale * shifted[k]![l]!);
      packed = bestNeighbour(book, packed, values, weights, 8 * k, scaledLevels);
    }
    chosen[k] = packed;
  }
  if (allOnGrid) return scale;
  sums.projection = 0;
  sums.energy = 0;
  for (let k = 0; k < vectors; k++) addVector(chosen[k]!, 8 * k, shifted[k]!, 1);
  return sums.projection > 0 && sums.energy > 0 ? Math.fround(sums.projection / sums.energy) : scale;
}
