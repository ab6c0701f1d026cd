import { iq4nl as format } from "../../decode/ggml/iq4nl";
import { floatToHalf } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { reciprocalOrZero, storeUint16 } from "./float32";
import { makeIq4, nearestLevel } from "./makeIq4";
import { packNibbles } from "./packNibbles";
import { sumOfSquares, weighByImportance, weighBySquares } from "./weights";

const codes = new Uint8Array(32);
const weights = new Float32Array(32);

/** IQ4_NL: 16 unevenly spaced levels under a searched scale. */
export const iq4nl = blockScheme(format, "IQ4_NL · 4-bit blocks of 32, uneven levels", (source, at, target, offset, importance) => {
  if (importance) weighByImportance(source, at, 0, 32, importance, Math.fround(sumOfSquares(source, at, 32) / 16), weights);
  else weighBySquares(source, at, 32, weights);
  const scale = makeIq4({ x: source, at, count: 32, weights, weightsAt: 0 });
  storeUint16(target, offset, floatToHalf(scale));
  const inverse = reciprocalOrZero(scale);
  for (let i = 0; i < 32; i++) codes[i] = nearestLevel(Math.fround(inverse * source[at + i]!));
  packNibbles(codes, 0, target, offset + 2);
});
