import { q6K as format } from "../../decode/ggml/q6K";
import { floatToHalf, halfToFloat } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, nearestInt, nearestSigned, storeUint16 } from "./float32";
import { makeQx, zeroMagnitude } from "./makeQx";
import { weighBySquares } from "./weights";

const codes = new Uint8Array(256);
const scales = new Float32Array(16);
const squares = new Float32Array(16);

/** Q6_K. An importance matrix takes the place of the squares by which values are weighted. */
export const q6K = blockScheme(format, "Q6_K · 6-bit super-blocks of 256", (source, at, target, offset, importance) => {
  for (let j = 0; j < 16; j++) {
    const from = at + 16 * j;
    if (!importance) weighBySquares(source, from, 16, squares);
    const weights = importance?.weights ?? squares;
    const weightsAt = importance ? importance.column + 16 * j : 0;
    scales[j] = makeQx({ x: source, at: from, count: 16, weights, weightsAt }, 32, codes, 16 * j);
  }
  const extreme = extremeValue(scales, 0, 16);
  if (Math.abs(extreme) < zeroMagnitude) {
    target.fill(0, offset, offset + format.bytes);
    return;
  }
  const inverse = Math.fround(-128 / extreme);
  const d = floatToHalf(Math.fround(1 / inverse));
  storeUint16(target, offset + 208, d);
  for (let j = 0; j < 16; j++) {
    const scaleCode = Math.min(127, nearestInt(Math.fround(inverse * scales[j]!)));
    target[offset + 192 + j] = scaleCode;
    const scale = Math.fround(halfToFloat(d) * scaleCode);
    if (scale === 0) continue;
    for (let i = 16 * j; i < 16 * (j + 1); i++) codes[i] = nearestSigned(Math.fround(source[at + i]! / scale), 32) + 32;
  }
  for (let half = 0; half < 2; half++) {
    for (let l = 0; l < 32; l++) {
      const first = 128 * half + l;
      const a = codes[first]!;
      const b = codes[first + 32]!;
      const c = codes[first + 64]!;
      const e = codes[first + 96]!;
      target[offset + 64 * half + l] = (a & 15) | ((c & 15) << 4);
      target[offset + 64 * half + 32 + l] = (b & 15) | ((e & 15) << 4);
      target[offset + 128 + 32 * half + l] = (a >> 4) | ((b >> 4) << 2) | ((c >> 4) << 4) | ((e >> 4) << 6);
    }
  }
});
