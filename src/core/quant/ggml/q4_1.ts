import { q4_1 as format } from "../../decode/ggml/q4_1";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, storeUint16, truncateToInt8 } from "./float32";
import { packNibbles } from "./packNibbles";
import { searchRange } from "./simpleImportance";
import { blockRange } from "./valueRange";

const codes = new Uint8Array(32);

/** Q4_1: 16 levels from the block's smallest to its largest value; with an importance matrix both are searched. */
export const q4_1 = blockScheme(format, "Q4_1 · 4-bit blocks of 32 with offset", (source, at, target, offset, importance) => {
  if (importance) searchRange(source, at, importance, 15, codes, target, offset);
  else {
    const { min, max } = blockRange(source, at);
    const d = Math.fround(Math.fround(max - min) / 15);
    const inverse = reciprocalOrZero(d);
    storeUint16(target, offset, floatToHalf(d));
    storeUint16(target, offset + 2, floatToHalf(min));
    for (let i = 0; i < 32; i++) {
      const steps = Math.fround(Math.fround(source[at + i]! - min) * inverse);
      codes[i] = Math.min(15, truncateToInt8(Math.fround(steps + 0.5)));
    }
  }
  packNibbles(codes, 0, target, offset + 4);
});
