import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { unpackNibbles } from "./nibbles";

/** Q4_0: 32 values, 4-bit codes around 8 under one scale. */
export const q4_0: BlockFormat = {
  id: "Q4_0",
  size: 32,
  bytes: 18,
  subBlock: 32,
  zero: 8,
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "qs", bytes: 16, detail: "4-bit codes; byte j holds value j (low nibble) and j + 16 (high)" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·(q − 8)",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    unpackNibbles(block, offset + 2, codes, at);
  },
};
