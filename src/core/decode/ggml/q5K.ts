import type { BlockFormat } from "./blockFormat";
import { sixBitFields, unpackSixBits } from "./sixBitScales";

/** Q5_K: as Q4_K with 5-bit codes, their top bits in 32 bytes of their own. */
export const q5K: BlockFormat = {
  id: "Q5_K",
  size: 256,
  bytes: 176,
  subBlock: 32,
  zero: 0,
  minCode: 0,
  maxCode: 31,
  fields: [
    ...sixBitFields,
    { name: "qh", bytes: 32, detail: "fifth bits; byte l holds values 32k + l at bit k" },
    { name: "qs", bytes: 128, detail: "low 4 bits; byte 32c + l holds values 64c + l (low nibble) and 64c + 32 + l (high)" },
  ],
  halves: { d: 0, dmin: 2 },
  formula: "x̂ = (d·a)·q − dmin·b",
  unpack(block, offset, codes, at, scales, mins) {
    unpackSixBits(block, offset, scales, mins);
    for (let chunk = 0; chunk < 4; chunk++) {
      const from = offset + 48 + 32 * chunk;
      const to = at + 64 * chunk;
      for (let l = 0; l < 32; l++) {
        const byte = block[from + l]!;
        const high = block[offset + 16 + l]! >> (2 * chunk);
        codes[to + l] = (byte & 15) | ((high & 1) << 4);
        codes[to + l + 32] = (byte >> 4) | ((high & 2) << 3);
      }
    }
  },
};
