import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { unpackFiveBits } from "./nibbles";

/** Q5_0: 32 values, 5-bit codes around 16 under one scale. */
export const q5_0: BlockFormat = {
  id: "Q5_0",
  size: 32,
  bytes: 22,
  subBlock: 32,
  zero: 16,
  minCode: 0,
  maxCode: 31,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "qh", bytes: 4, detail: "fifth bits; bit i belongs to value i" },
    { name: "qs", bytes: 16, detail: "low 4 bits; byte j holds value j (low nibble) and j + 16 (high)" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(q − 16)",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    unpackFiveBits(block, offset + 6, offset + 2, codes, at);
  },
};
