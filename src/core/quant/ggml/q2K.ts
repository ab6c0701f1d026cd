import { q2K as format } from "../../decode/ggml/q2K";
import { floatToHalf, halfToFloat } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { nearestCode, nearestInt, storeUint16 } from "./float32";
import { type FoundRange, makeQkx2, type RangeSearch } from "./makeQkx2";
import { packTwoBits } from "./packTwoBits";

const search: RangeSearch = { maxCode: 3, start: -0.5, step: Math.fround(0.1), steps: 15, absolute: true };
const codes = new Uint8Array(256);
const weights = new Float32Array(16);
const scales = new Float32Array(16);
const mins = new Float32Array(16);
const found: FoundRange = { scale: 0, min: 0 };

/** 4-bit codes of 16 non-negative numbers, shifted into place, and their F16 super-scale. */
function storeNibbles(numbers: Float32Array, max: number, shift: number, target: Uint8Array, offset: number): number {
  if (!(max > 0)) return 0;
  const inverse = Math.fround(15 / max);
  for (let j = 0; j < 16; j++) target[offset + j]! |= nearestInt(Math.fround(inverse * numbers[j]!)) << shift;
  return floatToHalf(Math.fround(max / 15));
}

/** Q2_K without importance matrix: sub-block errors are absolute, weighted by |x|. */
export const q2K = blockScheme(format, "Q2_K · 2-bit super-blocks of 256", (source, at, target, offset) => {
  let maxScale = 0;
  let maxMin = 0;
  for (let j = 0; j < 16; j++) {
    const from = at + 16 * j;
    for (let i = 0; i < 16; i++) weights[i] = Math.abs(source[from + i]!);
    makeQkx2({ x: source, at: from, count: 16, weights }, search, codes, 16 * j, found);
    scales[j] = found.scale;
    mins[j] = found.min;
    if (found.scale > maxScale) maxScale = found.scale;
    if (found.min > maxMin) maxMin = found.min;
  }
  target.fill(0, offset, offset + 16);
  const d = storeNibbles(scales, maxScale, 0, target, offset);
  const dmin = storeNibbles(mins, maxMin, 4, target, offset);
  storeUint16(target, offset + 80, d);
  storeUint16(target, offset + 82, dmin);
  for (let j = 0; j < 16; j++) {
    const pair = target[offset + j]!;
    const scale = Math.fround(halfToFloat(d) * (pair & 15));
    if (scale === 0) continue;
    const min = Math.fround(halfToFloat(dmin) * (pair >> 4));
    for (let i = 16 * j; i < 16 * (j + 1); i++) codes[i] = nearestCode(Math.fround(Math.fround(source[at + i]! + min) / scale), 3);
  }
  packTwoBits(codes, target, offset + 16);
});
