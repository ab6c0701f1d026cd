import { UsageError } from "../errors";
import { type NumberFormat, numberFormats } from "./numberFormat";

/** What a pattern of bits stands for. */
export type PatternKind = "normal" | "subnormal" | "zero" | "infinity" | "not a number" | "integer" | "level";

/** A pattern of bits of one format, taken apart. Numbers that JSON has no words for are text. */
export interface BitPattern {
  readonly format: string;
  /** From the highest bit. */
  readonly bits: string;
  readonly pattern: number;
  readonly kind: PatternKind;
  /** As decoded: `NaN`, `Infinity` and `-Infinity` are text. */
  readonly value: number | string;
  /** As stored; undefined for formats without an exponent. */
  readonly exponent?: number;
  /** Power of two that the fraction is multiplied with. */
  readonly power?: number;
  /** What is multiplied with that power, 0 ≤ significand < 2. */
  readonly significand?: number;
  /** The nearest other values: `null` where there is none that is finite. */
  readonly below: number | null;
  readonly above: number | null;
}

/** What a format can hold. */
export interface NumberFormatFacts extends Pick<NumberFormat, "id" | "label" | "bits" | "exponentBits" | "fractionBits" | "kind"> {
  readonly largest: number;
  /** Least value above 0. */
  readonly least: number;
  /** Different finite values. */
  readonly values: number;
}

/** @throws UsageError `unknown-type` */
export function findNumberFormat(id: string): NumberFormat {
  const found = numberFormats.find((format) => format.id === id);
  if (found) return found;
  throw new UsageError("unknown-type", `There is no number format "${id}"`, {
    expected: numberFormats.map((format) => format.id).join(", "),
    found: id,
  });
}

/** @throws UsageError `unknown-type`, `bad-pattern` */
export function bitPattern(id: string, pattern: number): BitPattern {
  const format = findNumberFormat(id);
  const { bits, exponentBits, fractionBits, bias } = format;
  if (!(Number.isInteger(pattern) && pattern >= 0 && pattern < 2 ** bits)) {
    throw new UsageError("bad-pattern", `${format.label} has no such pattern`, {
      expected: `0 to ${2 ** bits - 1}`,
      found: String(pattern),
    });
  }
  const value = format.decode(pattern);
  const kind = kindOf(format, pattern, value);
  const exponent = Math.floor(pattern / 2 ** fractionBits) % 2 ** exponentBits;
  const fraction = (pattern % 2 ** fractionBits) / 2 ** fractionBits;
  const isFinite = kind === "normal" || kind === "subnormal" || kind === "zero";
  return {
    format: id,
    bits: pattern.toString(2).padStart(bits, "0"),
    pattern,
    kind,
    value: Number.isFinite(value) ? value : String(value),
    ...(exponentBits > 0 ? { exponent } : {}),
    ...(isFinite ? { power: Math.max(exponent, 1) - bias, significand: exponent === 0 ? fraction : 1 + fraction } : {}),
    below: neighbour(format, value, -1),
    above: neighbour(format, value, 1),
  };
}

/** The pattern whose value is nearest. @throws UsageError `unknown-type` */
export function patternOf(id: string, value: number): BitPattern {
  return bitPattern(id, findNumberFormat(id).encode(value));
}

function kindOf({ kind, exponentBits, fractionBits }: NumberFormat, pattern: number, value: number): PatternKind {
  if (kind === "integer") return "integer";
  if (kind === "code book") return "level";
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return "infinity";
  if (value === 0) return "zero";
  return Math.floor(pattern / 2 ** fractionBits) % 2 ** exponentBits === 0 ? "subnormal" : "normal";
}

/** The next value in a direction. Patterns of floats are ordered by magnitude, those of code books and whole numbers by value. */
function neighbour(format: NumberFormat, value: number, direction: -1 | 1): number | null {
  if (!Number.isFinite(value)) return null;
  const { bits, kind } = format;
  const signBit = 2 ** (bits - 1);
  let next: number;
  if (kind === "float") {
    const magnitude = format.encode(Math.abs(value));
    const isAway = value === 0 || Math.sign(value) === direction;
    next = format.decode(isAway ? magnitude + 1 : magnitude - 1) * (value === 0 ? direction : Math.sign(value));
    if (isAway && magnitude + 1 >= signBit) return null;
  } else {
    const pattern = format.encode(value);
    const moved = pattern + direction;
    const last = kind === "integer" ? (direction > 0 ? signBit - 1 : signBit) : direction > 0 ? 2 ** bits - 1 : 0;
    if (pattern === last) return null;
    next = format.decode((moved + 2 ** bits) % 2 ** bits);
  }
  // -0 is no other value than 0.
  return Number.isFinite(next) ? next + 0 : null;
}

/** Of all formats. */
export function numberFormatFacts(): NumberFormatFacts[] {
  return numberFormats.map((format) => {
    const { id, label, bits, exponentBits, fractionBits, kind } = format;
    const largest = largestOf(format);
    const isFloat = kind === "float";
    return {
      id,
      label,
      bits,
      exponentBits,
      fractionBits,
      kind,
      largest,
      least: format.decode(isFloat || kind === "integer" ? 1 : format.encode(0) + 1),
      // Floats count up from 0 to the largest, on either side of a 0 that they share.
      values: isFloat ? 2 * format.encode(largest) + 1 : 2 ** bits,
    };
  });
}

function largestOf({ kind, bits, decode }: NumberFormat): number {
  if (kind === "code book") return decode(2 ** bits - 1);
  let pattern = 2 ** (bits - 1) - 1;
  // The patterns above the largest value are infinity and NaN: for 32 bits there are millions, all with the highest exponent.
  if (Number.isFinite(decode(pattern))) return decode(pattern);
  let [low, high] = [0, pattern];
  while (high - low > 1) {
    pattern = Math.floor((low + high) / 2);
    if (Number.isFinite(decode(pattern))) low = pattern;
    else high = pattern;
  }
  return decode(low);
}
