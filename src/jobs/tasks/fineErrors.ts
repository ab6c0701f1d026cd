import type { BinRange } from "../../core/measure/histogram";
import { affineCode, affineRange, affineReconstruct, affineValue } from "../../core/quant/affineArithmetic";
import type { AffineScheme, Scheme } from "../../core/quant/scheme";
import { isAffineScheme } from "../../core/quant/registry";

/** With more bits than this, rounding results to float32 changes their errors: at 24 bits the steps are as fine as float32's own. */
const mostFloatBits = 20;

/** Whether the error of single values has to be taken before results are rounded to float32, as error figures are. */
export function isFinerThanFloat(scheme: Scheme): scheme is AffineScheme {
  return isAffineScheme(scheme) && scheme.bits > mostFloatBits;
}

/** What a fine scheme makes of values, in float64. @param covered the one range of the tensor, for schemes with one */
export function fineValues(scheme: AffineScheme, x: Float32Array, columns: number, covered: BinRange | undefined): Float64Array {
  const { granularity } = scheme;
  if (!covered) {
    // Rows of whole groups may be cut anywhere between two groups: they are gone through as one row.
    const isSeamless = granularity.kind === "group" && columns % granularity.size === 0;
    return affineReconstruct(x, isSeamless ? x.length : columns, scheme).values;
  }
  const [low, high] = covered.low <= covered.high ? [covered.low, covered.high] : [0, 0];
  const range = affineRange(low, high, scheme.bits, scheme.symmetric);
  return Float64Array.from(x, (value) => (Number.isFinite(value) ? affineValue(affineCode(value, range), range) : 0));
}
