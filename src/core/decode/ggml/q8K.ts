import { type BlockFormat, float32At } from "./blockFormat";

/** Q8_K: 256 values, signed 8-bit codes under one float32 scale; ggml's intermediate form of activations. */
export const q8K: BlockFormat = {
  id: "Q8_K",
  size: 256,
  bytes: 292,
  subBlock: 256,
  zero: 0,
  minCode: -128,
  maxCode: 127,
  fields: [
    { name: "d", bytes: 4, detail: "scale, F32" },
    { name: "qs", bytes: 256, detail: "signed 8-bit codes, one a value" },
    { name: "bsums", bytes: 32, detail: "sums of 16 codes each, signed 16 bits" },
  ],
  halves: {},
  formula: "x̂ = d·q",
  unpack(block, offset, codes, at, scales) {
    scales[0] = float32At(block, offset);
    for (let i = 0; i < 256; i++) codes[at + i] = (block[offset + 4 + i]! << 24) >> 24;
  },
  scalars: (block, offset) => [{ name: "d", value: float32At(block, offset) }],
};
