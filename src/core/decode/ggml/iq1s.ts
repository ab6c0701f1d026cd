import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { type Grid, grid } from "./grids";

/** What IQ1 stores: −1, 0 or 1, and an eighth more or less, ascending. */
export const shiftedTrits = [-1.125, -0.875, -0.125, 0.125, 0.875, 1.125] as const;

/**
 * Writes the 8 codes, indices into {@link shiftedTrits}, of one entry of IQ1's code book from `codes[at]`.
 *
 * @param negative true where the shift of ⅛ is down
 */
export function unpackTrits(book: Grid, index: number, negative: boolean, codes: Int16Array, at: number): void {
  for (let j = 0; j < 8; j++) codes[at + j] = 2 * book.codes[8 * index + j]! + (negative ? 0 : 1);
}

/** IQ1_S: 256 values in 8 groups of 4 vectors of 8; a 2048-entry code book of trits, a 3-bit scale and a shift of ⅛ a group. */
export const iq1s: BlockFormat = {
  id: "IQ1_S",
  size: 256,
  bytes: 50,
  subBlock: 32,
  zero: 0,
  levels: shiftedTrits,
  minCode: 0,
  maxCode: 5,
  fields: [
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "qs", bytes: 32, detail: "low 8 bits of the code book index, one a vector of 8" },
    { name: "qh", bytes: 16, detail: "per group of 32: top 3 bits of 4 indices, scale a (3 bits), sign of the shift" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(2a + 1)·L[q]",
  unpack(block, offset, codes, at, scales) {
    const book = grid("iq1s");
    const d = halfToFloat(uint16At(block, offset));
    for (let group = 0; group < 8; group++) {
      const high = uint16At(block, offset + 34 + 2 * group);
      scales[group] = d * (2 * ((high >> 12) & 7) + 1);
      for (let l = 0; l < 4; l++) {
        const index = block[offset + 2 + 4 * group + l]! | (((high >> (3 * l)) & 7) << 8);
        unpackTrits(book, index, high >= 0x8000, codes, at + 32 * group + 8 * l);
      }
    }
  },
};
