import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { unpackFiveBits } from "./nibbles";

/** Q5_1: 32 values, 5-bit codes under one scale and one smallest value. */
export const q5_1: BlockFormat = {
  id: "Q5_1",
  size: 32,
  bytes: 24,
  subBlock: 32,
  zero: 0,
  minCode: 0,
  maxCode: 31,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "m", bytes: 2, detail: "smallest value, F16" },
    { name: "qh", bytes: 4, detail: "fifth bits; bit i belongs to value i" },
    { name: "qs", bytes: 16, detail: "low 4 bits; byte j holds value j (low nibble) and j + 16 (high)" },
  ],
  halves: { d: 0, m: 2 },
  formula: "x̂ = d·q + m",
  unpack(block, offset, codes, at, scales, mins) {
    scales[0] = halfToFloat(uint16At(block, offset));
    mins[0] = -halfToFloat(uint16At(block, offset + 2));
    unpackFiveBits(block, offset + 8, offset + 4, codes, at);
  },
};
