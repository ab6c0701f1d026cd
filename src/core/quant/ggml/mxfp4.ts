import { mxfp4 as format } from "../../decode/ggml/mxfp4";
import { blockScheme } from "./blockScheme";
import { extremeValue } from "./float32";
import { nearestE2M1 } from "./nearestE2M1";

/** MXFP4: 4-bit floats under the power of two that leaves the largest magnitude between 4 and 8. */
export const mxfp4 = blockScheme(format, "MXFP4 · 4-bit floats, power-of-two scales", (source, at, target, offset) => {
  const magnitude = Math.abs(extremeValue(source, at, 32));
  // The logarithm is a float32 in ggml: what lies just below a power of two may land on it. Negative exponents wrap as in C.
  const exponent = magnitude > 0 ? (Math.floor(Math.fround(Math.log2(magnitude))) - 2 + 127) & 255 : 0;
  const scale = 2 ** (exponent - 128);
  target[offset] = exponent;
  for (let j = 0; j < 16; j++) {
    target[offset + 1 + j] = nearestE2M1(source[at + j]!, scale) | (nearestE2M1(source[at + 16 + j]!, scale) << 4);
  }
});
