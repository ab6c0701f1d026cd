import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** Q8_1: as Q8_0 with the sum of the block; ggml's intermediate form of activations. */
export const q8_1: BlockFormat = {
  id: "Q8_1",
  size: 32,
  bytes: 36,
  subBlock: 32,
  zero: 0,
  minCode: -128,
  maxCode: 127,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "s", bytes: 2, detail: "d times the sum of the codes, F16" },
    { name: "qs", bytes: 32, detail: "signed 8-bit codes, one a value" },
  ],
  halves: { d: 0, s: 2 },
  formula: "x̂ = d·q",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    for (let i = 0; i < 32; i++) codes[at + i] = (block[offset + 4 + i]! << 24) >> 24;
  },
};
