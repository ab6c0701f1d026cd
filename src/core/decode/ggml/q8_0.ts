import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** Q8_0: 32 values, signed 8-bit codes under one scale. */
export const q8_0: BlockFormat = {
  id: "Q8_0",
  size: 32,
  bytes: 34,
  subBlock: 32,
  zero: 0,
  minCode: -128,
  maxCode: 127,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "qs", bytes: 32, detail: "signed 8-bit codes, one a value" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·q",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    for (let i = 0; i < 32; i++) codes[at + i] = (block[offset + 2 + i]! << 24) >> 24;
  },
};
