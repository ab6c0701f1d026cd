import type { BlockFormat } from "./blockFormat";
import { nibbleBlock } from "./nibbles";

/** The 16 levels of IQ4_NL and IQ4_XS: denser around zero, where most weights are. */
export const iq4Levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113] as const;

/** IQ4_NL: 32 values, 4-bit codes of unevenly spaced levels under one scale. */
export const iq4nl: BlockFormat = {
  ...nibbleBlock,
  id: "IQ4_NL",
  zero: 0,
  levels: iq4Levels,
  formula: "x̂ = d·L[q]",
};
