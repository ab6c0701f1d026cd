import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { unpackTwoBits } from "./q2K";

/** Q3_K: 256 values in 16 sub-blocks, 3-bit codes around 4, a signed 6-bit scale each under one F16 super-scale. */
export const q3K: BlockFormat = {
  id: "Q3_K",
  size: 256,
  bytes: 110,
  subBlock: 16,
  zero: 4,
  minCode: 0,
  maxCode: 7,
  fields: [
    { name: "hmask", bytes: 32, detail: "third bits; value i at bit i ÷ 32 of byte i mod 32" },
    { name: "qs", bytes: 64, detail: "low 2 bits; byte 32h + l holds values 128h + l, +32, +64, +96 from its low bits up" },
    { name: "scales", bytes: 12, detail: "16 six-bit scales a, stored as a + 32; 8 bytes of low nibbles, then 4 bytes of top bits" },
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
  ],
  halves: { d: 108 },
  formula: "x̂ = (d·a)·(q − 4)",
  unpack(block, offset, codes, at, scales) {
    const d = halfToFloat(uint16At(block, offset + 108));
    for (let j = 0; j < 16; j++) {
      const low = (block[offset + 96 + (j & 7)]! >> (j < 8 ? 0 : 4)) & 15;
      const high = (block[offset + 104 + (j & 3)]! >> (2 * (j >> 2))) & 3;
      scales[j] = d * ((low | (high << 4)) - 32);
    }
    unpackTwoBits(block, offset + 32, codes, at);
    for (let i = 0; i < 256; i++) codes[at + i]! |= ((block[offset + (i & 31)]! >> (i >> 5)) & 1) << 2;
  },
};
