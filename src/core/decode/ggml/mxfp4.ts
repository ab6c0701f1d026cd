import type { BlockFormat } from "./blockFormat";
import { unpackNibbles } from "./nibbles";

/** Twice the values of E2M1, the 4-bit float of OCP Microscaling Formats: ggml keeps them as integers, so −0 is 0 there. */
export const doubledE2M1 = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12] as const;

/** MXFP4: 32 values, 4-bit floats under a power of two. */
export const mxfp4: BlockFormat = {
  id: "MXFP4",
  size: 32,
  bytes: 17,
  subBlock: 32,
  zero: 0,
  levels: doubledE2M1,
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "e", bytes: 1, detail: "exponent of the scale, E8M0" },
    { name: "qs", bytes: 16, detail: "E2M1 codes; byte j holds value j (low nibble) and j + 16 (high)" },
  ],
  halves: {},
  formula: "x̂ = 2^(e − 128)·L[q]",
  unpack(block, offset, codes, at, scales) {
    scales[0] = 2 ** (block[offset]! - 128);
    unpackNibbles(block, offset + 1, codes, at);
  },
  scalars: (block, offset) => [{ name: "e", value: block[offset] === 255 ? NaN : block[offset]! }],
};
