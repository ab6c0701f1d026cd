import { q5_1 as format } from "../../decode/ggml/q5_1";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, storeUint16, truncateToInt8 } from "./float32";
import { packFiveBits } from "./packFiveBits";
import { searchRange } from "./simpleImportance";
import { blockRange } from "./valueRange";

const codes = new Uint8Array(32);

/** Q5_1: 32 levels from the block's smallest to its largest value; with an importance matrix both are searched. */
export const q5_1 = blockScheme(format, "Q5_1 · 5-bit blocks of 32 with offset", (source, at, target, offset, importance) => {
  if (importance) searchRange(source, at, importance, 31, codes, target, offset);
  else {
    const { min, max } = blockRange(source, at);
    const d = Math.fround(Math.fround(max - min) / 31);
    const inverse = reciprocalOrZero(d);
    storeUint16(target, offset, floatToHalf(d));
    storeUint16(target, offset + 2, floatToHalf(min));
    for (let i = 0; i < 32; i++) {
      codes[i] = truncateToInt8(Math.fround(Math.fround(Math.fround(source[at + i]! - min) * inverse) + 0.5));
    }
  }
  packFiveBits(codes, target, offset + 4);
});
