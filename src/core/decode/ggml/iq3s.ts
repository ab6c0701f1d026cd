import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { grid } from "./grids";
import { signedLevels, unpackEntry } from "./signedGrid";

/** IQ3_S: 256 values as 64 vectors of 4; a 512-entry code book, a sign bit a value, a 4-bit scale for 32 values. */
export const iq3s: BlockFormat = {
  id: "IQ3_S",
  size: 256,
  bytes: 110,
  subBlock: 32,
  zero: 0,
  levels: signedLevels("iq3s"),
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "qs", bytes: 64, detail: "low 8 bits of the code book index, one a vector of 4" },
    { name: "qh", bytes: 8, detail: "ninth bits of the indices; bit v of byte g belongs to vector 8g + v" },
    { name: "signs", bytes: 32, detail: "sign bits; bit i of byte b belongs to value 8b + i" },
    { name: "scales", bytes: 4, detail: "4-bit scales a; byte k holds those of sub-blocks 2k (low nibble) and 2k + 1 (high)" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(2a + 1)·L[q]",
  unpack(block, offset, codes, at, scales) {
    const book = grid("iq3s");
    const d = halfToFloat(uint16At(block, offset));
    for (let j = 0; j < 8; j++) scales[j] = d * (1 + 2 * ((block[offset + 106 + (j >> 1)]! >> (4 * (j & 1))) & 15));
    for (let vector = 0; vector < 64; vector++) {
      const high = (block[offset + 66 + (vector >> 3)]! >> (vector & 7)) & 1;
      const signs = block[offset + 74 + (vector >> 1)]! >> (4 * (vector & 1));
      unpackEntry(book, block[offset + 2 + vector]! | (high << 8), signs, codes, at + 4 * vector);
    }
  },
};
