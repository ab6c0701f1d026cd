import { q2K as format } from "../../decode/ggml/q2K";
import { floatToHalf, halfToFloat } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { nearestCode, nearestInt, storeUint16 } from "./float32";
import { type FoundRange, importanceSearch, makeQkx2, type RangeSearch } from "./makeQkx2";
import { makeQp } from "./makeQp";
import { packTwoBits } from "./packTwoBits";
import { meanSquare, weighByImportance } from "./weights";

const plainSearch: RangeSearch = { maxCode: 3, start: -0.5, step: Math.fround(0.1), steps: 15, absolute: true };
const weightedSearch = importanceSearch(3);
const codes = new Uint8Array(256);
const weights = new Float32Array(16);
const sums = new Float32Array(16);
const scales = new Float32Array(16);
const mins = new Float32Array(16);
const scaleCodes = new Uint8Array(16);
const minCodes = new Uint8Array(16);
const found: FoundRange = { scale: 0, min: 0 };

/** 4-bit codes of 16 non-negative numbers; returns their scale, which maps the largest to 15. */
function spread(numbers: Float32Array, numberCodes: Uint8Array): number {
  let max = 0;
  for (const number of numbers) if (number > max) max = number;
  const inverse = max > 0 ? Math.fround(15 / max) : 0;
  for (let j = 0; j < 16; j++) numberCodes[j] = max > 0 ? nearestInt(Math.fround(inverse * numbers[j]!)) : 0;
  return Math.fround(max / 15);
}

/**
 * Q2_K. Without an importance matrix, errors of sub-blocks are absolute and weighted by |x|, and the largest scale and min
 * decide the super-scales; with one, errors are squares and the super-scales are searched.
 */
export const q2K = blockScheme(format, "Q2_K · 2-bit super-blocks of 256", (source, at, target, offset, importance) => {
  const square = importance ? meanSquare(source, at, 256) : 0;
  for (let j = 0; j < 16; j++) {
    const from = at + 16 * j;
    if (importance) sums[j] = weighByImportance(source, at, 16 * j, 16, importance, square, weights);
    else for (let i = 0; i < 16; i++) weights[i] = Math.abs(source[from + i]!);
    const search = importance ? weightedSearch : plainSearch;
    makeQkx2({ x: source, at: from, count: 16, weights, weightsAt: 0 }, search, codes, 16 * j, found);
    scales[j] = found.scale;
    mins[j] = found.min;
  }
  const d = floatToHalf(importance ? makeQp(scales, 15, sums, scaleCodes) : spread(scales, scaleCodes));
  const dmin = floatToHalf(importance ? makeQp(mins, 15, sums, minCodes) : spread(mins, minCodes));
  storeUint16(target, offset + 80, d);
  storeUint16(target, offset + 82, dmin);
  for (let j = 0; j < 16; j++) {
    target[offset + j] = scaleCodes[j]! | (minCodes[j]! << 4);
    const pair = target[offset + j]!;
    const scale = Math.fround(halfToFloat(d) * (pair & 15));
    if (scale === 0) continue;
    const min = Math.fround(halfToFloat(dmin) * (pair >> 4));
    for (let i = 16 * j; i < 16 * (j + 1); i++) codes[i] = nearestCode(Math.fround(Math.fround(source[at + i]! + min) / scale), 3);
  }
  packTwoBits(codes, target, offset + 16);
});
