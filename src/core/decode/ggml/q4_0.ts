import type { BlockFormat } from "./blockFormat";
import { nibbleBlock } from "./nibbles";

/** Q4_0: 32 values, 4-bit codes around 8 under one scale. */
export const q4_0: BlockFormat = {
  ...nibbleBlock,
  id: "Q4_0",
  zero: 8,
  formula: "x̂ = d·(q − 8)",
};
