import type { BlockFormat } from "./blockFormat";
import { doubledE2M1 } from "./mxfp4";

/** Half the value of a scale byte, an unsigned E4M3: half, because the levels are doubled. 0x7F is 0. */
export function halvedE4M3(code: number): number {
  if (code === 0x7f) return 0;
  const exponent = (code >> 3) & 15;
  const fraction = code & 7;
  return exponent === 0 ? fraction * 2 ** -10 : (8 + fraction) * 2 ** (exponent - 11);
}

/** NVFP4: 64 values in 4 sub-blocks, 4-bit floats under an 8-bit float each. */
export const nvfp4: BlockFormat = {
  id: "NVFP4",
  size: 64,
  bytes: 36,
  subBlock: 16,
  zero: 0,
  levels: doubledE2M1,
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 4, detail: "a scale for 16 values, unsigned E4M3" },
    { name: "qs", bytes: 32, detail: "E2M1 codes; byte 8s + j holds values 16s + j (low nibble) and 16s + 8 + j (high)" },
  ],
  halves: {},
  formula: "x̂ = d/2·L[q]",
  unpack(block, offset, codes, at, scales) {
    for (let s = 0; s < 4; s++) {
      scales[s] = halvedE4M3(block[offset + s]!);
      for (let j = 0; j < 8; j++) {
        const byte = block[offset + 4 + 8 * s + j]!;
        codes[at + 16 * s + j] = byte & 15;
        codes[at + 16 * s + 8 + j] = byte >> 4;
      }
    }
  },
};
