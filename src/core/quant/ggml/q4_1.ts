import { q4_1 as format } from "../../decode/ggml/q4_1";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, storeUint16, truncateToInt8 } from "./float32";
import { blockRange } from "./valueRange";

/** Q4_1: 16 levels from the block's smallest to its largest value. */
export const q4_1 = blockScheme(format, "Q4_1 · 4-bit blocks of 32 with offset", (source, at, target, offset) => {
  const { min, max } = blockRange(source, at);
  const d = Math.fround(Math.fround(max - min) / 15);
  const inverse = reciprocalOrZero(d);
  storeUint16(target, offset, floatToHalf(d));
  storeUint16(target, offset + 2, floatToHalf(min));
  const code = (i: number): number =>
    Math.min(15, truncateToInt8(Math.fround(Math.fround(Math.fround(source[i]! - min) * inverse) + 0.5))) & 255;
  for (let j = 0; j < 16; j++) target[offset + 4 + j] = code(at + j) | (code(at + 16 + j) << 4);
});
