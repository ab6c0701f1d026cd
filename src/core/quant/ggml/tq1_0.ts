import { tq1_0 as format, tritRuns } from "../../decode/ggml/tq1_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, roundAwayFromZero, storeUint16 } from "./float32";
import { largestMagnitude } from "./magnitude";

/** TQ1_0: −1, 0 or 1 times the largest magnitude; five trits in a byte. Made for models trained with ternary weights. */
export const tq1_0 = blockScheme(format, "TQ1_0 · ternary, five weights a byte", (source, at, target, offset) => {
  const d = largestMagnitude(source, at, 256);
  const inverse = reciprocalOrZero(d);
  storeUint16(target, offset + 52, floatToHalf(d));
  let to = offset;
  for (const { bytes, first, stride, trits } of tritRuns) {
    for (let m = 0; m < bytes; m++) {
      let number = 0;
      for (let n = 0; n < trits; n++) {
        number = 3 * number + roundAwayFromZero(Math.fround(source[at + first + m + stride * n]! * inverse)) + 1;
      }
      // Four trits stand where the first four of five would. The byte is the fraction of 3⁵ in 256ths, rounded up.
      if (trits === 4) number *= 3;
      target[to++] = Math.floor((number * 256 + 242) / 243);
    }
  }
});
