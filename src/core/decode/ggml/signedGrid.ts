import { gridData } from "./gridData";
import type { Grid, GridName } from "./grids";

/*
 * IQ2 and IQ3 store magnitudes as entries of a code book and a sign for each value. A code here is an index into all signed
 * levels, ascending: −43, −25, −8, 8, 25, 43 for IQ2.
 */

/** The levels of a code book with both signs, ascending. */
export function signedLevels(name: GridName): readonly number[] {
  const levels: readonly number[] = gridData[name].levels;
  return [...levels.map((level) => -level).reverse(), ...levels];
}

/**
 * Writes the codes of one entry of a code book from `codes[at]`.
 *
 * @param signs bit j: value j of the entry is negative
 */
export function unpackEntry(book: Grid, index: number, signs: number, codes: Int16Array, at: number): void {
  const { width, levels, codes: entries } = book;
  for (let j = 0; j < width; j++) {
    const code = entries[index * width + j]!;
    codes[at + j] = (signs >> j) & 1 ? levels.length - 1 - code : levels.length + code;
  }
}
