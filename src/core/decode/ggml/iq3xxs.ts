import { halfToFloat } from "../half";
import { type BlockFormat, uint16At, uint32At } from "./blockFormat";
import { evenSigns, grid } from "./grids";
import { signedLevels, unpackEntry } from "./signedGrid";

/** IQ3_XXS: 256 values in 8 groups of 8 vectors of 4; a 256-entry code book, 7-bit sign indices, a 4-bit scale a group. */
export const iq3xxs: BlockFormat = {
  id: "IQ3_XXS",
  size: 256,
  bytes: 98,
  subBlock: 32,
  zero: 0,
  levels: signedLevels("iq3xxs"),
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "qs", bytes: 64, detail: "code book indices, one a vector of 4" },
    { name: "scales_signs", bytes: 32, detail: "per group of 32: 4 sign indices of 7 bits, scale a of 4 bits" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(a + ½)/2·L[q]",
  unpack(block, offset, codes, at, scales) {
    const book = grid("iq3xxs");
    const d = halfToFloat(uint16At(block, offset));
    for (let group = 0; group < 8; group++) {
      const signs = uint32At(block, offset + 66 + 4 * group);
      scales[group] = (d * (0.5 + (signs >>> 28))) / 2;
      for (let l = 0; l < 8; l++) {
        const pair = evenSigns((signs >>> (7 * (l >> 1))) & 127);
        unpackEntry(book, block[offset + 2 + 8 * group + l]!, pair >> (4 * (l & 1)), codes, at + 32 * group + 4 * l);
      }
    }
  },
};
