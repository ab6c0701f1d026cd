import { halfToFloat } from "../half";
import { type BlockFormat, uint16At } from "./blockFormat";
import { unpackNibbles } from "./nibbles";

/** The 16 levels of IQ4_NL and IQ4_XS: denser around zero, where most weights are. */
export const iq4Levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113] as const;

/** IQ4_NL: 32 values, 4-bit codes of unevenly spaced levels under one scale. */
export const iq4nl: BlockFormat = {
  id: "IQ4_NL",
  size: 32,
  bytes: 18,
  subBlock: 32,
  zero: 0,
  levels: iq4Levels,
  minCode: 0,
  maxCode: 15,
  fields: [
    { name: "d", bytes: 2, detail: "scale, F16" },
    { name: "qs", bytes: 16, detail: "4-bit codes; byte j holds value j (low nibble) and j + 16 (high)" },
  ],
  halves: { d: 0 },
  formula: "x̂ = d·L[q]",
  unpack(block, offset, codes, at, scales) {
    scales[0] = halfToFloat(uint16At(block, offset));
    unpackNibbles(block, offset + 2, codes, at);
  },
};
