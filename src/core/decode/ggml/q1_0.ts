import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** Q1_0: 128 signs under one scale. */
export const q1_0: BlockFormat = {
  id: "Q1_0",
  size: 128,
  bytes: 18,
  subBlock: 128,
  zero: 0,
  levels: [-1, 1],
  minCode: 0,
  maxCode: 1,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "qs", bytes: 16, detail: "sign bits, set for +; bit i mod 8 of byte i ÷ 8 belongs to value i" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·L[q]",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    for (let i = 0; i < 128; i++) codes[at + i] = (block[offset + 2 + (i >> 3)]! >> (i & 7)) & 1;
  },
};
