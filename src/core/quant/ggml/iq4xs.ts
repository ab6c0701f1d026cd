import { iq4xs as format } from "../../decode/ggml/iq4xs";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, nearestSigned, reciprocalOrZero, storeUint16 } from "./float32";
import { makeIq4, nearestLevel } from "./makeIq4";
import { packNibbles } from "./packNibbles";
import { sumOfSquares, weighByImportance, weighBySquares } from "./weights";

const codes = new Uint8Array(256);
const weights = new Float32Array(32);
const scales = new Float32Array(8);

/** IQ4_XS: as IQ4_NL in sub-blocks of 32 with 6-bit scales. Codes are chosen under the super-scale before it is rounded to F16. */
export const iq4xs = blockScheme(format, "IQ4_XS · 4-bit super-blocks of 256, uneven levels", (source, at, target, offset, importance) => {
  const square = importance ? Math.fround(sumOfSquares(source, at, 256) / 128) : 0;
  for (let b = 0; b < 8; b++) {
    if (importance) weighByImportance(source, at, 32 * b, 32, importance, square, weights);
    else weighBySquares(source, at + 32 * b, 32, weights);
    scales[b] = makeIq4({ x: source, at: at + 32 * b, count: 32, weights, weightsAt: 0 });
  }
  const d = Math.fround(-extremeValue(scales, 0, 8) / 32);
  const inverse = reciprocalOrZero(d);
  target.fill(0, offset + 2, offset + 8);
  storeUint16(target, offset, floatToHalf(d));
  for (let b = 0; b < 8; b++) {
    const scaleCode = nearestSigned(Math.fround(inverse * scales[b]!), 32);
    const inverseScale = reciprocalOrZero(Math.fround(d * scaleCode));
    for (let i = 32 * b; i < 32 * (b + 1); i++) codes[i] = nearestLevel(Math.fround(inverseScale * source[at + i]!));
    target[offset + 4 + (b >> 1)]! |= ((scaleCode + 32) & 15) << (4 * (b & 1));
    target[offset + 2 + (b >> 2)]! |= ((scaleCode + 32) >> 4) << (2 * (b & 3));
    packNibbles(codes, 32 * b, target, offset + 8 + 16 * b);
  }
});
