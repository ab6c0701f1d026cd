import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** Q2_0: 64 values, 2-bit codes around 1 under one scale. */
export const q2_0: BlockFormat = {
  id: "Q2_0",
  size: 64,
  bytes: 18,
  subBlock: 64,
  zero: 1,
  minCode: 0,
  maxCode: 3,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "qs", bytes: 16, detail: "2-bit codes; byte i ÷ 4 holds value i, from its low bits up" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(q − 1)",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    for (let i = 0; i < 64; i++) codes[at + i] = (block[offset + 2 + (i >> 2)]! >> (2 * (i & 3))) & 3;
  },
};
