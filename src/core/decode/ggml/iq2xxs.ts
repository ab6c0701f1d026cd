import { halfToFloat } from "../half";
import { type BlockFormat, uint16At, uint32At } from "./blockFormat";
import { evenSigns, grid } from "./grids";
import { signedLevels, unpackEntry } from "./signedGrid";

/** IQ2_XXS: 256 values in 8 groups of 4 vectors of 8; a 256-entry code book, 7-bit sign indices, a 4-bit scale a group. */
export const iq2xxs: BlockFormat = {
  id: "IQ2_XXS",
  size: 256,
  bytes: 66,
  subBlock: 32,
  zero: 0,
  levels: signedLevels("iq2xxs"),
  minCode: 0,
  maxCode: 5,
  fields: [
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "qs", bytes: 64, detail: "per group of 32: 4 code book indices of 8 bits, 4 sign indices of 7 bits, scale a of 4 bits" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(a + ½)/4·L[q]",
  unpack(block, offset, codes, at, scales) {
    const book = grid("iq2xxs");
    const d = halfToFloat(uint16At(block, offset));
    for (let group = 0; group < 8; group++) {
      const from = offset + 2 + 8 * group;
      const signs = uint32At(block, from + 4);
      scales[group] = (d * (0.5 + (signs >>> 28))) / 4;
      for (let l = 0; l < 4; l++) {
        unpackEntry(book, block[from + l]!, evenSigns((signs >>> (7 * l)) & 127), codes, at + 32 * group + 8 * l);
      }
    }
  },
};
