import { type BlockFormat } from "./blockFormat";
import { unpackNibbleScales } from "./iq2xs";
import { grid } from "./grids";
import { signedLevels, unpackEntry } from "./signedGrid";

/** IQ2_S: 256 values as 32 vectors of 8; a 1024-entry code book, a sign bit a value, a 4-bit scale for 16 values. */
export const iq2s: BlockFormat = {
  id: "IQ2_S",
  size: 256,
  bytes: 82,
  subBlock: 16,
  zero: 0,
  levels: signedLevels("iq2s"),
  minCode: 0,
  maxCode: 5,
  fields: [
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "qs", bytes: 32, detail: "low 8 bits of the code book index, one a vector of 8" },
    { name: "signs", bytes: 32, detail: "sign bits; byte v holds those of vector v" },
    { name: "qh", bytes: 8, detail: "top 2 bits of the indices; byte g holds those of vectors 4g to 4g + 3" },
    { name: "scales", bytes: 8, detail: "4-bit scales a; byte g holds those of sub-blocks 2g (low nibble) and 2g + 1 (high)" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(a + ½)/4·L[q]",
  unpack(block, offset, codes, at, scales) {
    const book = grid("iq2s");
    unpackNibbleScales(block, offset, offset + 74, scales);
    for (let vector = 0; vector < 32; vector++) {
      const high = (block[offset + 66 + (vector >> 2)]! >> (2 * (vector & 3))) & 3;
      unpackEntry(book, block[offset + 2 + vector]! | (high << 8), block[offset + 34 + vector]!, codes, at + 8 * vector);
    }
  },
};
