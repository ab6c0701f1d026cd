import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { unpackNibbles } from "./nibbles";

/** Q4_1: 32 values, 4-bit codes under one scale and one smallest value. */
export const q4_1: BlockFormat = {
  id: "Q4_1",
  size: 32,
  bytes: 20,
  subBlock: 32,
  zero: 0,
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "m", bytes: 2, detail: "smallest value, F16" },
    { name: "qs", bytes: 16, detail: "4-bit codes; byte j holds value j (low nibble) and j + 16 (high)" },
  ],
  halves: { d: 0, m: 2 },
  formula: "x̂ = d·q + m",
  unpack(block, offset, codes, at, scales, mins) {
    scales[0] = halfToFloat(uint16At(block, offset));
    mins[0] = -halfToFloat(uint16At(block, offset + 2));
    unpackNibbles(block, offset + 4, codes, at);
  },
};
