import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** Q2_K: 256 values in 16 sub-blocks, 2-bit codes; a 4-bit scale and a 4-bit min each, under two F16 super-scales. */
export const q2K: BlockFormat = {
  id: "Q2_K",
  size: 256,
  bytes: 84,
  subBlock: 16,
  zero: 0,
  minCode: 0,
  maxCode: 3,
  fields: [
    { name: "scales", bytes: 16, detail: "per sub-block of 16: scale a (low nibble) and min b (high)" },
    { name: "qs", bytes: 64, detail: "2-bit codes; byte 32h + l holds values 128h + l, +32, +64, +96 from its low bits up" },
    { name: "d", bytes: 2, detail: "scale of the scales, F16" },
    { name: "dmin", bytes: 2, detail: "scale of the mins, F16" },
  ],
  halves: { d: 80, dmin: 82 },
  formula: "x̂ = (d·a)·q − dmin·b",
  unpack(block, offset, codes, at, scales, mins) {
    const d = halfToFloat(uint16At(block, offset + 80));
    const dmin = halfToFloat(uint16At(block, offset + 82));
    for (let j = 0; j < 16; j++) {
      const pair = block[offset + j]!;
      scales[j] = d * (pair & 15);
      mins[j] = dmin * (pair >> 4);
    }
    unpackTwoBits(block, offset + 16, codes, at);
  },
};

/** 256 two-bit codes from 64 bytes: byte 32h + l holds values 128h + l, +32, +64, +96 from its low bits up. */
export function unpackTwoBits(block: Uint8Array, offset: number, codes: Int16Array, at: number): void {
  for (let half = 0; half < 2; half++) {
    const to = at + 128 * half;
    for (let l = 0; l < 32; l++) {
      const byte = block[offset + 32 * half + l]!;
      codes[to + l] = byte & 3;
      codes[to + l + 32] = (byte >> 2) & 3;
      codes[to + l + 64] = (byte >> 4) & 3;
      codes[to + l + 96] = byte >> 6;
    }
  }
}
