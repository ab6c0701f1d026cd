import { q8_0 as format } from "../../decode/ggml/q8_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, roundAwayFromZero, storeUint16 } from "./float32";
import { largestMagnitude } from "./magnitude";

/** Q8_0: the scale maps the largest magnitude to 127; codes round half away from zero. */
export const q8_0 = blockScheme(format, "Q8_0 · 8-bit blocks of 32", (source, at, target, offset) => {
  const d = Math.fround(largestMagnitude(source, at, 32) / 127);
  const inverse = reciprocalOrZero(d);
  storeUint16(target, offset, floatToHalf(d));
  for (let i = 0; i < 32; i++) target[offset + 2 + i] = roundAwayFromZero(Math.fround(source[at + i]! * inverse));
});
