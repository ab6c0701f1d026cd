import { q4_0 as format } from "../../decode/ggml/q4_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, reciprocalOrZero, storeUint16, truncateToInt8 } from "./float32";

/** Q4_0: the scale maps the value of largest magnitude, sign included, to code 0. */
export const q4_0 = blockScheme(format, "Q4_0 · 4-bit blocks of 32", (source, at, target, offset) => {
  const d = Math.fround(extremeValue(source, at, 32) / -8);
  const inverse = reciprocalOrZero(d);
  storeUint16(target, offset, floatToHalf(d));
  const code = (i: number): number => Math.min(15, truncateToInt8(Math.fround(Math.fround(source[i]! * inverse) + 8.5))) & 255;
  for (let j = 0; j < 16; j++) target[offset + 2 + j] = code(at + j) | (code(at + 16 + j) << 4);
});
