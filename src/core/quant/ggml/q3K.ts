import { q3K as format } from "../../decode/ggml/q3K";
import { floatToHalf, halfToFloat } from "../../decode/half";
import { blockScheme } from "./blockScheme";
import { extremeValue, nearestSigned, storeUint16 } from "./float32";
import { makeQ3 } from "./makeQ3";
import { makeQx } from "./makeQx";
import { packTwoBits } from "./packTwoBits";
import { type BlockImportance, doubledMeanSquare, weighByImportance } from "./weights";

const codes = new Uint8Array(256);
const weights = new Float32Array(16);
const sums = new Float32Array(16);
const scales = new Float32Array(16);
const scaleCodes = new Uint8Array(16);

/** Scales and codes of the sub-blocks; returns the super-scale, which maps the scale of largest magnitude to −32. */
function search(source: Float32Array, at: number): number {
  for (let j = 0; j < 16; j++) scales[j] = makeQ3(source, at + 16 * j, codes, 16 * j);
  const extreme = extremeValue(scales, 0, 16);
  if (extreme === 0) {
    scaleCodes.fill(0);
    return 0;
  }
  const inverse = Math.fround(-32 / extreme);
  for (let j = 0; j < 16; j++) scaleCodes[j] = nearestSigned(Math.fround(inverse * scales[j]!), 32) + 32;
  return Math.fround(1 / inverse);
}

/** The same with an importance matrix: scales and super-scale are searched by weighted squares. */
function searchWeighted(source: Float32Array, at: number, importance: BlockImportance): number {
  const square = doubledMeanSquare(source, at);
  for (let j = 0; j < 16; j++) {
    sums[j] = weighByImportance(source, at, 16 * j, 16, importance, square, weights);
    scales[j] = makeQx({ x: source, at: at + 16 * j, count: 16, weights, weightsAt: 0 }, 4, codes, 16 * j);
  }
  return makeQx({ x: scales, at: 0, count: 16, weights: sums, weightsAt: 0 }, 32, scaleCodes, 0);
}

/** Q3_K. */
export const q3K = blockScheme(format, "Q3_K · 3-bit super-blocks of 256", (source, at, target, offset, importance) => {
  const d = floatToHalf(importance ? searchWeighted(source, at, importance) : search(source, at));
  target.fill(0, offset, offset + format.bytes);
  storeUint16(target, offset + 108, d);
  for (let j = 0; j < 16; j++) {
    storeScale(scaleCodes[j]!, j, target, offset + 96);
    const scale = Math.fround(halfToFloat(d) * (scaleCodes[j]! - 32));
    if (scale === 0) continue;
    for (let i = 16 * j; i < 16 * (j + 1); i++) codes[i] = nearestSigned(Math.fround(source[at + i]! / scale), 4) + 4;
  }
  for (let i = 0; i < 256; i++) target[offset + (i & 31)]! |= (codes[i]! >> 2) << (i >> 5);
  packTwoBits(codes, target, offset + 32);
});

/** Scale j of 16, 0 to 63: its low 4 bits in a nibble of bytes 0–7, its top 2 bits in a field of bytes 8–11. */
function storeScale(code: number, j: number, target: Uint8Array, offset: number): void {
  target[offset + (j & 7)]! |= (code & 15) << (j < 8 ? 0 : 4);
  target[offset + 8 + (j & 3)]! |= (code >> 4) << (2 * (j >> 2));
}
