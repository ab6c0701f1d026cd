import { gridData, gridDigits } from "./gridData";

/** The lattice code books: which IQ types use them is in their names. */
export type GridName = keyof typeof gridData;

/** A code book of vectors: entry i is `values[i·width … i·width + width − 1]`. */
export interface Grid {
  /** Values of an entry: 8 or 4. */
  readonly width: number;
  /** Number of entries: 256 to 2048. */
  readonly count: number;
  /** The numbers that entries are made of, in ascending order. */
  readonly levels: readonly number[];
  /** All entries, one after the other, as indices into `levels`. */
  readonly codes: Uint8Array;
  /** The same as numbers: magnitudes, or −1, 0 and 1 in `iq1s`. */
  readonly values: Int8Array;
}

const decoded = new Map<GridName, Grid>();

function decodeGrid(name: GridName): Grid {
  const { width, levels, entries } = gridData[name];
  const digits = Array.from(entries.replaceAll("\n", ""), (character) => gridDigits.indexOf(character));
  const count = digits.length / 2;
  const codes = new Uint8Array(count * width);
  for (let i = 0; i < count; i++) {
    let number = digits[2 * i]! * gridDigits.length + digits[2 * i + 1]!;
    for (let j = 0; j < width; j++) {
      codes[i * width + j] = number % levels.length;
      number = Math.floor(number / levels.length);
    }
  }
  return { width, count, levels, codes, values: Int8Array.from(codes, (code) => levels[code]!) };
}

/**
 * A code book of ggml's IQ1 to IQ3 types, as the real library decodes it. Made on first use: opening a file with none of these types
 * costs nothing.
 */
export function grid(name: GridName): Grid {
  const known = decoded.get(name);
  if (known) return known;
  const made = decodeGrid(name);
  decoded.set(name, made);
  return made;
}

/** The 8 signs that a 7-bit index stands for, as bits (set: negative): the eighth makes the number of negative signs even. */
export function evenSigns(index: number): number {
  let parity = index ^ (index >> 4);
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  return index | ((parity & 1) << 7);
}
