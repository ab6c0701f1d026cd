import { q2_0 as format } from "../../decode/ggml/q2_0";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, reciprocalOrZero, roundAwayFromZero, storeUint16 } from "./float32";

/** Q2_0: −1, 0 or 1 times the largest magnitude; the fourth code, 2, stays unused. */
export const q2_0 = blockScheme(format, "Q2_0 · 2-bit blocks of 64", (source, at, target, offset) => {
  const d = Math.abs(extremeValue(source, at, 64));
  const inverse = reciprocalOrZero(d);
  target.fill(0, offset, offset + 18);
  storeUint16(target, offset, floatToHalf(d));
  for (let i = 0; i < 64; i++) {
    const value = Math.fround(source[at + i]! * inverse);
    // Where the reciprocal overflows, C's conversion of what comes out gives the smallest integer, so code 0.
    const code = Number.isFinite(value) ? roundAwayFromZero(value) + 1 : 0;
    target[offset + 2 + (i >> 2)]! |= Math.max(0, Math.min(3, code)) << (2 * (i & 3));
  }
});
