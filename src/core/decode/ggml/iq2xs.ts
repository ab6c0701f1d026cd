import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { evenSigns, grid } from "./grids";
import { signedLevels, unpackEntry } from "./signedGrid";

/** IQ2_XS: 256 values as 32 vectors of 8; a 512-entry code book, 7-bit sign indices, a 4-bit scale for 16 values. */
export const iq2xs: BlockFormat = {
  id: "IQ2_XS",
  size: 256,
  bytes: 74,
  subBlock: 16,
  zero: 0,
  levels: signedLevels("iq2xs"),
  minCode: 0,
  maxCode: 5,
  fields: [
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "qs", bytes: 64, detail: "per vector of 8: code book index (9 bits), sign index (7 bits)" },
    { name: "scales", bytes: 8, detail: "4-bit scales a; byte g holds those of sub-blocks 2g (low nibble) and 2g + 1 (high)" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(a + ½)/4·L[q]",
  unpack(block, offset, codes, at, scales) {
    const book = grid("iq2xs");
    unpackNibbleScales(block, offset, offset + 66, scales);
    for (let vector = 0; vector < 32; vector++) {
      const word = uint16At(block, offset + 2 + 2 * vector);
      unpackEntry(book, word & 511, evenSigns(word >> 9), codes, at + 8 * vector);
    }
  },
};

/** The 16 effective scales of IQ2_XS and IQ2_S: F16 `d` at `offset`, 16 nibbles at `nibbles`. */
export function unpackNibbleScales(block: Uint8Array, offset: number, nibbles: number, scales: Float32Array): void {
  const d = halfToFloat(uint16At(block, offset));
  for (let j = 0; j < 16; j++) scales[j] = (d * (0.5 + ((block[nibbles + (j >> 1)]! >> (4 * (j & 1))) & 15))) / 4;
}
