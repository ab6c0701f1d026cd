import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";

/** Codes of 32 values from 16 bytes: byte j holds value j in its low and value j + 16 in its high nibble (Q4_0 to Q5_1). */
export function unpackNibbles(block: Uint8Array, offset: number, codes: Int16Array, at: number): void {
  for (let j = 0; j < 16; j++) {
    const byte = block[offset + j]!;
    codes[at + j] = byte & 15;
    codes[at + j + 16] = byte >> 4;
  }
}

/** What Q4_0 and IQ4_NL have in common: 32 codes of 4 bits under one F16 scale. */
export const nibbleBlock = {
  size: 32,
  bytes: 18,
  subBlock: 32,
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "qs", bytes: 16, detail: "4-bit codes; byte j holds value j (low nibble) and j + 16 (high)" },
  ],
  halves: { d: 0 },
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    unpackNibbles(block, offset + 2, codes, at);
  },
} as const satisfies Partial<BlockFormat>;

/** As {@link unpackNibbles}, with the fifth bit of value i at bit i of the 32 bits at `highOffset` (Q5_0, Q5_1). */
export function unpackFiveBits(block: Uint8Array, offset: number, highOffset: number, codes: Int16Array, at: number): void {
  const high = block[highOffset]! | (block[highOffset + 1]! << 8) | (block[highOffset + 2]! << 16) | (block[highOffset + 3]! << 24);
  for (let j = 0; j < 16; j++) {
    const byte = block[offset + j]!;
    codes[at + j] = (byte & 15) | (((high >>> j) & 1) << 4);
    codes[at + j + 16] = (byte >> 4) | (((high >>> (j + 16)) & 1) << 4);
  }
}
