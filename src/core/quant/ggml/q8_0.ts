import { q8_0 as format } from "../../decode/ggml/q8_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, roundAwayFromZero, storeUint16 } from "./float32";

/** Q8_0: the scale maps the largest magnitude to 127; codes round half away from zero. */
export const q8_0 = blockScheme(format, "Q8_0 · 8-bit blocks of 32", (source, at, target, offset) => {
  let magnitude = 0;
  for (let i = at; i < at + 32; i++) {
    const value = Math.abs(source[i]!);
    // Written as ggml's MAX macro, which a NaN passes through until the next value.
    magnitude = magnitude > value ? magnitude : value;
  }
  const d = Math.fround(magnitude / 127);
  const inverse = reciprocalOrZero(d);
  storeUint16(target, offset, floatToHalf(d));
  for (let i = 0; i < 32; i++) target[offset + 2 + i] = roundAwayFromZero(Math.fround(source[at + i]! * inverse));
});
