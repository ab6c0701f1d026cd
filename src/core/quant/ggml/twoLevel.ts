import { sixBitMin, sixBitScale, packSixBits } from "../../decode/ggml/sixBitScales";
import { floatToHalf, halfToFloat } from "../../decode/half";
import { nearestCode, nearestInt, storeUint16 } from "./float32";
import { type FoundRange, makeQkx2, type RangeSearch } from "./makeQkx2";

const subBlocks = 8;
const count = 32;
const weights = new Float32Array(count);
const scales = new Float32Array(subBlocks);
const mins = new Float32Array(subBlocks);
const scaleCodes = new Uint8Array(subBlocks);
const minCodes = new Uint8Array(subBlocks);
const found: FoundRange = { scale: 0, min: 0 };

/** Weights of a sub-block's values: their root mean square plus their own magnitude. */
function weigh(x: Float32Array, at: number): void {
  let squares = 0;
  for (let i = 0; i < count; i++) squares = Math.fround(squares + Math.fround(x[at + i]! * x[at + i]!));
  const rms = Math.fround(Math.sqrt(Math.fround(squares / count)));
  for (let i = 0; i < count; i++) weights[i] = rms + Math.abs(x[at + i]!);
}

/**
 * The part Q4_K and Q5_K share: searches scale and min of each of 8 sub-blocks, stores them as 6-bit codes under two F16
 * super-scales at `offset` (16 bytes), and recomputes every code with the scales as they are stored.
 */
export function quantizeTwoLevel(
  source: Float32Array,
  at: number,
  search: RangeSearch,
  codes: Uint8Array,
  target: Uint8Array,
  offset: number,
): void {
  let maxScale = 0;
  let maxMin = 0;
  for (let j = 0; j < subBlocks; j++) {
    weigh(source, at + count * j);
    makeQkx2({ x: source, at: at + count * j, count, weights }, search, codes, count * j, found);
    scales[j] = found.scale;
    mins[j] = found.min;
    if (found.scale > maxScale) maxScale = found.scale;
    if (found.min > maxMin) maxMin = found.min;
  }
  const inverseScale = maxScale > 0 ? Math.fround(63 / maxScale) : 0;
  const inverseMin = maxMin > 0 ? Math.fround(63 / maxMin) : 0;
  for (let j = 0; j < subBlocks; j++) {
    scaleCodes[j] = Math.min(63, nearestInt(Math.fround(inverseScale * scales[j]!)) & 255);
    minCodes[j] = Math.min(63, nearestInt(Math.fround(inverseMin * mins[j]!)) & 255);
  }
  const d = floatToHalf(Math.fround(maxScale / 63));
  const dmin = floatToHalf(Math.fround(maxMin / 63));
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
