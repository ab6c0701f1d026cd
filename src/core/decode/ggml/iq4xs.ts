import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { iq4Levels } from "./iq4nl";
import { unpackNibbles } from "./nibbles";

/** IQ4_XS: 256 values in 8 sub-blocks, 4-bit codes of unevenly spaced levels, a 6-bit scale each under one F16 super-scale. */
export const iq4xs: BlockFormat = {
  id: "IQ4_XS",
  size: 256,
  bytes: 136,
  subBlock: 32,
  zero: 0,
  levels: iq4Levels,
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "scales_h", bytes: 2, detail: "top 2 bits of the scales, from the low bits up" },
    { name: "scales_l", bytes: 4, detail: "low 4 bits of 8 six-bit scales a, stored as a + 32" },
    { name: "qs", bytes: 128, detail: "4-bit codes; byte 16b + j holds values 32b + j (low nibble) and 32b + 16 + j (high)" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·a·L[q]",
  unpack(block, offset, codes, at, scales) {
    const d = halfToFloat(uint16At(block, offset));
    const high = uint16At(block, offset + 2);
    for (let b = 0; b < 8; b++) {
      const low = (block[offset + 4 + (b >> 1)]! >> (4 * (b & 1))) & 15;
      scales[b] = d * ((low | (((high >> (2 * b)) & 3) << 4)) - 32);
      unpackNibbles(block, offset + 8 + 16 * b, codes, at + 32 * b);
    }
  },
};
