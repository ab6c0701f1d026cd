import { affineCode, type AffineRange, affineRange, affineValue } from "../quant/affineArithmetic";

/** A value and the level it moves to. */
export interface Snap {
  value: number;
  code: number;
  decoded: number;
  /** decoded − value. */
  error: number;
}

/** The levels of one range, and values on it. */
export interface NumberLine {
  bits: number;
  symmetric: boolean;
  scale: number;
  zeroPoint: number;
  /** What the lowest and the highest code stand for. */
  low: number;
  high: number;
  levels: { code: number; value: number }[];
  /** Root mean squared error of values that lie evenly between two levels: scale / √12. */
  evenRmse: number;
}

/** Lays the codes of `bits` bits along the range of a tensor. Symmetric codes are signed, asymmetric ones are not. */
export function numberLine(min: number, max: number, bits: number, symmetric: boolean): NumberLine {
  const range = affineRange(min, max, bits, symmetric);
  const { minCode, maxCode } = range;
  const levels = Array.from({ length: maxCode - minCode + 1 }, (_, i) => ({ code: minCode + i, value: affineValue(minCode + i, range) }));
  return {
    bits,
    symmetric,
    scale: range.scale,
    zeroPoint: range.zeroPoint,
    low: affineValue(minCode, range),
    high: affineValue(maxCode, range),
    levels,
    evenRmse: range.scale / Math.sqrt(12),
  };
}

/** The level a finite value is rounded to. */
export function snap(value: number, line: NumberLine): Snap {
  const { scale, zeroPoint, levels } = line;
  const range: AffineRange = { scale, zeroPoint, minCode: levels[0]!.code, maxCode: levels[levels.length - 1]!.code };
  const code = affineCode(value, range);
  const decoded = affineValue(code, range);
  return { value, code, decoded, error: decoded - value };
}
