import { q1_0 as format } from "../../decode/ggml/q1_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { storeUint16 } from "./float32";

/** Q1_0: signs under the mean magnitude. */
export const q1_0 = blockScheme(format, "Q1_0 · signs, blocks of 128", (source, at, target, offset) => {
  let sum = 0;
  for (let i = at; i < at + 128; i++) sum = Math.fround(sum + Math.abs(source[i]!));
  target.fill(0, offset, offset + 18);
  storeUint16(target, offset, floatToHalf(Math.fround(sum / 128)));
  for (let i = 0; i < 128; i++) if (source[at + i]! >= 0) target[offset + 2 + (i >> 3)]! |= 1 << (i & 7);
});
