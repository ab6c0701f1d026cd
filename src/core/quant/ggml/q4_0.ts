import { q4_0 as format } from "../../decode/ggml/q4_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, reciprocalOrZero, storeUint16, truncateToInt8 } from "./float32";
import { packNibbles } from "./packNibbles";
import { searchScale } from "./simpleImportance";

const codes = new Uint8Array(32);

/** Q4_0: the scale maps the value of largest magnitude, sign included, to code 0; with an importance matrix it is searched. */
export const q4_0 = blockScheme(format, "Q4_0 · 4-bit blocks of 32", (source, at, target, offset, importance) => {
  if (importance) searchScale(source, at, importance, 8, codes, target, offset);
  else {
    const d = Math.fround(extremeValue(source, at, 32) / -8);
    const inverse = reciprocalOrZero(d);
    storeUint16(target, offset, floatToHalf(d));
    for (let i = 0; i < 32; i++) codes[i] = Math.min(15, truncateToInt8(Math.fround(Math.fround(source[at + i]! * inverse) + 8.5)));
  }
  packNibbles(codes, 0, target, offset + 2);
});
