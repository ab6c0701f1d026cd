import { q3K as format } from "../../decode/ggml/q3K";
import { floatToHalf, halfToFloat } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, nearestSigned, storeUint16 } from "./float32";
import { makeQ3 } from "./makeQ3";
import { packTwoBits } from "./packTwoBits";

const codes = new Uint8Array(256);
const scales = new Float32Array(16);

/** Q3_K without importance matrix. */
export const q3K = blockScheme(format, "Q3_K · 3-bit super-blocks of 256", (source, at, target, offset) => {
  for (let j = 0; j < 16; j++) scales[j] = makeQ3(source, at + 16 * j, codes, 16 * j);
  target.fill(0, offset, offset + format.bytes);
  const extreme = extremeValue(scales, 0, 16);
  if (extreme !== 0) {
    const inverse = Math.fround(-32 / extreme);
    const d = floatToHalf(Math.fround(1 / inverse));
    storeUint16(target, offset + 108, d);
    for (let j = 0; j < 16; j++) {
      const scaleCode = nearestSigned(Math.fround(inverse * scales[j]!), 32);
      storeScale(scaleCode + 32, j, target, offset + 96);
      const scale = Math.fround(halfToFloat(d) * scaleCode);
      if (scale === 0) continue;
      for (let i = 16 * j; i < 16 * (j + 1); i++) codes[i] = nearestSigned(Math.fround(source[at + i]! / scale), 4) + 4;
    }
  }
  for (let i = 0; i < 256; i++) target[offset + (i & 31)]! |= (codes[i]! >> 2) << (i >> 5);
  packTwoBits(codes, target, offset + 32);
});

/** Scale j of 16, 0 to 63: its low 4 bits in a nibble of bytes 0–7, its top 2 bits in a field of bytes 8–11. */
function storeScale(code: number, j: number, target: Uint8Array, offset: number): void {
  target[offset + (j & 7)]! |= (code & 15) << (j < 8 ? 0 : 4);
  target[offset + 8 + (j & 3)]! |= (code >> 4) << (2 * (j >> 2));
}
