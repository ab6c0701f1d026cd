import { q5_0 as format } from "../../decode/ggml/q5_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, reciprocalOrZero, storeUint16, truncateToInt8 } from "./float32";
import { packFiveBits } from "./packFiveBits";
import { searchScale } from "./simpleImportance";

const codes = new Uint8Array(32);

/** Q5_0: as Q4_0 with 32 levels. */
export const q5_0 = blockScheme(format, "Q5_0 · 5-bit blocks of 32", (source, at, target, offset, importance) => {
  if (importance) searchScale(source, at, importance, 16, codes, target, offset);
  else {
    const d = Math.fround(extremeValue(source, at, 32) / -16);
    const inverse = reciprocalOrZero(d);
    storeUint16(target, offset, floatToHalf(d));
    for (let i = 0; i < 32; i++) codes[i] = Math.min(31, truncateToInt8(Math.fround(Math.fround(source[at + i]! * inverse) + 16.5)));
  }
  packFiveBits(codes, target, offset + 2);
});
