import { affineCode, type AffineRange, affineRange, affineValue } from "../quant/affineArithmetic";

/** Numbers that the reader of the lesson chose. */
export interface MechanicsInput {
  /** The range, `low` < `high`. */
  low: number;
  high: number;
  /** Of a code, 2 to 16. */
  bits: number;
  /** A value to follow through. */
  value: number;
}

/** One way to lay codes along the range. */
export interface CodingWay {
  symmetric: boolean;
  /** Whether codes are below zero, too. */
  signed: boolean;
  scale: number;
  zeroPoint: number;
  minCode: number;
  maxCode: number;
  /** Codes of the range's low end, of 0, of the value, and of its high end. */
  codes: { low: number; zero: number; value: number; high: number };
  /** What the value's code stands for, and how far that is from the value. */
  decoded: number;
  error: number;
  /** Where the value lies between codes, before rounding. */
  exact: number;
}

export interface MechanicsReport extends MechanicsInput {
  /** The range that asymmetric codes cover: widened to contain 0, which then is exact. */
  from: number;
  to: number;
  /** Asymmetric unsigned, asymmetric signed, symmetric signed, symmetric unsigned. */
  ways: CodingWay[];
}

/** Moves the codes of a range by a whole number: the values they stand for stay. */
function shifted(range: AffineRange, by: number): AffineRange {
  return { ...range, zeroPoint: range.zeroPoint + by, minCode: range.minCode + by, maxCode: range.maxCode + by };
}

function way({ low, high, value }: MechanicsInput, range: AffineRange, symmetric: boolean, signed: boolean): CodingWay {
  const codeOf = (x: number): number => affineCode(x, range);
  const code = codeOf(value);
  const decoded = affineValue(code, range);
  return {
    symmetric,
    signed,
    scale: range.scale,
    zeroPoint: range.zeroPoint,
    minCode: range.minCode,
    maxCode: range.maxCode,
    codes: { low: codeOf(low), zero: codeOf(0), value: code, high: codeOf(high) },
    decoded,
    error: decoded - value,
    exact: value / range.scale + range.zeroPoint,
  };
}

/** The four steps of affine quantization on one range, for each of the usual four kinds of codes. */
export function mechanics(input: MechanicsInput): MechanicsReport {
  const { low, high, bits } = input;
  const half = 2 ** (bits - 1);
  const asymmetric = affineRange(low, high, bits, false);
  const symmetric = affineRange(low, high, bits, true);
  return {
    ...input,
    from: Math.min(low, 0),
    to: Math.max(high, 0),
    ways: [
      way(input, asymmetric, false, false),
      way(input, shifted(asymmetric, -half), false, true),
      way(input, symmetric, true, true),
      way(input, shifted(symmetric, half), true, false),
    ],
  };
}
