import type { BlockFormat } from "./blockFormat";
import { sixBitFields, unpackSixBits } from "./sixBitScales";

/** Q4_K: 256 values in 8 sub-blocks, 4-bit codes; a 6-bit scale and a 6-bit min each, under two F16 super-scales. */
export const q4K: BlockFormat = {
  id: "Q4_K",
  size: 256,
  bytes: 144,
  subBlock: 32,
  zero: 0,
  minCode: 0,
  maxCode: 15,
  fields: [
    ...sixBitFields,
    { name: "qs", bytes: 128, detail: "4-bit codes; byte 32c + l holds values 64c + l (low nibble) and 64c + 32 + l (high)" },
  ],
  halves: { d: 0, dmin: 2 },
  formula: "x̂ = (d·a)·q − dmin·b",
  unpack(block, offset, codes, at, scales, mins) {
    unpackSixBits(block, offset, scales, mins);
    for (let chunk = 0; chunk < 4; chunk++) {
      const from = offset + 16 + 32 * chunk;
      const to = at + 64 * chunk;
      for (let l = 0; l < 32; l++) {
        const byte = block[from + l]!;
        codes[to + l] = byte & 15;
        codes[to + l + 32] = byte >> 4;
      }
    }
  },
};
