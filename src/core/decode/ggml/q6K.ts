import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** Q6_K: 256 values in 16 sub-blocks, 6-bit codes around 32, a signed 8-bit scale each under one F16 super-scale. */
export const q6K: BlockFormat = {
  id: "Q6_K",
  size: 256,
  bytes: 210,
  subBlock: 16,
  zero: 32,
  minCode: 0,
  maxCode: 63,
  fields: [
    { name: "ql", bytes: 128, detail: "low 4 bits; byte 64h + l holds values 128h + l (low nibble) and 128h + 64 + l (high), l below 64" },
    { name: "qh", bytes: 64, detail: "top 2 bits; byte 32h + l holds values 128h + l, +32, +64, +96 from its low bits up" },
    { name: "scales", bytes: 16, detail: "signed 8-bit scales a, one per sub-block of 16" },
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
  ],
  halves: { d: 208 },
  formula: "x̂ = (d·a)·(q − 32)",
  unpack(block, offset, codes, at, scales) {
    const d = halfToFloat(uint16At(block, offset + 208));
    for (let j = 0; j < 16; j++) scales[j] = d * ((block[offset + 192 + j]! << 24) >> 24);
    for (let half = 0; half < 2; half++) {
      const low = offset + 64 * half;
      const high = offset + 128 + 32 * half;
      const to = at + 128 * half;
      for (let l = 0; l < 32; l++) {
        const a = block[low + l]!;
        const b = block[low + 32 + l]!;
        const top = block[high + l]!;
        codes[to + l] = (a & 15) | ((top & 3) << 4);
        codes[to + l + 32] = (b & 15) | (((top >> 2) & 3) << 4);
        codes[to + l + 64] = (a >> 4) | (((top >> 4) & 3) << 4);
        codes[to + l + 96] = (b >> 4) | ((top >> 6) << 4);
      }
    }
  },
};
