import { floatToHalf } from "../../decode/half";
import { storeUint16 } from "./float32";
import { type FoundRange, importanceSearch, makeQkx2, type RangeSearch } from "./makeQkx2";
import { makeQx } from "./makeQx";
import { type BlockImportance, weighByImportance } from "./weights";

const size = 32;
const weights = new Float32Array(size);
const found: FoundRange = { scale: 0, min: 0 };

/**
 * Q4_0 and Q5_0 with an importance matrix: searches the scale and stores it at `offset`.
 *
 * @param limit half the number of levels
 * @param codes receives the 32 codes
 */
export function searchScale(
  source: Float32Array,
  at: number,
  importance: BlockImportance,
  limit: number,
  codes: Uint8Array,
  target: Uint8Array,
  offset: number,
): void {
  weighByImportance(source, at, 0, size, importance, importance.rowMeanSquare, weights);
  const scale = makeQx({ x: source, at, count: size, weights, weightsAt: 0 }, limit, codes, 0);
  storeUint16(target, offset, floatToHalf(scale));
}

const searches: Readonly<Record<15 | 31, RangeSearch>> = { 15: importanceSearch(15), 31: importanceSearch(31) };

/** Q4_1 and Q5_1 with an importance matrix: searches scale and smallest value and stores both at `offset`. See {@link searchScale}. */
export function searchRange(
  source: Float32Array,
  at: number,
  importance: BlockImportance,
  maxCode: 15 | 31,
  codes: Uint8Array,
  target: Uint8Array,
  offset: number,
): void {
  weighByImportance(source, at, 0, size, importance, importance.rowMeanSquare, weights);
  makeQkx2({ x: source, at, count: size, weights, weightsAt: 0 }, searches[maxCode], codes, 0, found);
  storeUint16(target, offset, floatToHalf(found.scale));
  storeUint16(target, offset + 2, floatToHalf(-found.min));
}
