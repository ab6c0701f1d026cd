import { tq2_0 as format } from "../../decode/ggml/tq2_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, roundAwayFromZero, storeUint16 } from "./float32";
import { largestMagnitude } from "./magnitude";
import { packTwoBits } from "./packTwoBits";

const codes = new Uint8Array(256);

/** TQ2_0: −1, 0 or 1 times the largest magnitude, in 2 bits. Made for models trained with ternary weights. */
export const tq2_0 = blockScheme(format, "TQ2_0 · ternary, four weights a byte", (source, at, target, offset) => {
  const d = largestMagnitude(source, at, 256);
  const inverse = reciprocalOrZero(d);
  storeUint16(target, offset + 64, floatToHalf(d));
  for (let i = 0; i < 256; i++) codes[i] = roundAwayFromZero(Math.fround(source[at + i]! * inverse)) + 1;
  packTwoBits(codes, target, offset);
});
