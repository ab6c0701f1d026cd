import { sixBitMin, sixBitScale, packSixBits } from "../../decode/ggml/sixBitScales";
import { floatToHalf, halfToFloat } from "../../decode/half";
import { nearestCode, nearestInt, storeUint16 } from "./float32";
import { type FoundRange, makeQkx2, type RangeSearch } from "./makeQkx2";
import { makeQp } from "./makeQp";
import { type BlockImportance, doubledMeanSquare, meanSquare, weighByImportance } from "./weights";

const subBlocks = 8;
const count = 32;
const weights = new Float32Array(count);
const sums = new Float32Array(subBlocks);
const scales = new Float32Array(subBlocks);
const mins = new Float32Array(subBlocks);
const scaleCodes = new Uint8Array(subBlocks);
const minCodes = new Uint8Array(subBlocks);
const found: FoundRange = { scale: 0, min: 0 };

/** Weights of a sub-block's values without importance matrix: their root mean square plus their own magnitude. */
function weighByMagnitude(x: Float32Array, at: number): void {
  const rms = Math.fround(Math.sqrt(meanSquare(x, at, count)));
  for (let i = 0; i < count; i++) weights[i] = rms + Math.abs(x[at + i]!);
}

/** 6-bit codes of 8 non-negative numbers; returns their scale, which maps the largest to 63. */
function spread(numbers: Float32Array, numberCodes: Uint8Array): number {
  let max = 0;
  for (const number of numbers) if (number > max) max = number;
  const inverse = max > 0 ? Math.fround(63 / max) : 0;
  for (let j = 0; j < subBlocks; j++) numberCodes[j] = Math.min(63, nearestInt(Math.fround(inverse * numbers[j]!)) & 255);
  return Math.fround(max / 63);
}

/**
 * The part Q4_K and Q5_K share: searches scale and min of each of 8 sub-blocks, stores them as 6-bit codes under two F16
 * super-scales at `offset` (16 bytes), and recomputes every code with the scales as they are stored. With an importance
 * matrix, the super-scales are searched too.
 */
export function quantizeTwoLevel(
  source: Float32Array,
  at: number,
  search: RangeSearch,
  importance: BlockImportance | undefined,
  codes: Uint8Array,
  target: Uint8Array,
  offset: number,
): void {
  const square = importance ? doubledMeanSquare(source, at) : 0;
  for (let j = 0; j < subBlocks; j++) {
    const from = at + count * j;
    if (importance) sums[j] = weighByImportance(source, at, count * j, count, importance, square, weights);
    else weighByMagnitude(source, from);
    makeQkx2({ x: source, at: from, count, weights, weightsAt: 0 }, search, codes, count * j, found);
    scales[j] = found.scale;
    mins[j] = found.min;
  }
  const d = floatToHalf(importance ? makeQp(scales, 63, sums, scaleCodes) : spread(scales, scaleCodes));
  const dmin = floatToHalf(importance ? makeQp(mins, 63, sums, minCodes) : spread(mins, minCodes));
  storeUint16(target, offset, d);
  storeUint16(target, offset + 2, dmin);
  packSixBits(scaleCodes, minCodes, target, offset + 4);
  for (let j = 0; j < subBlocks; j++) {
    const scale = Math.fround(halfToFloat(d) * sixBitScale(target, offset + 4, j));
    if (scale === 0) continue;
    const min = Math.fround(halfToFloat(dmin) * sixBitMin(target, offset + 4, j));
    for (let i = count * j; i < count * (j + 1); i++) {
      codes[i] = nearestCode(Math.fround(Math.fround(source[at + i]! + min) / scale), search.maxCode);
    }
  }
}
