import { t } from "./l10n";

/**
 * How numbers are written, in one place: separators of the user's locale, a true minus, three significant digits. The
 * unit always follows its number; missing is "–" and zero is "0".
 */

let locale = "en";
const formatters = new Map<string, Intl.NumberFormat>();

/** Stands for a number that was not computed. */
export const missing = "–";

/** Sets the locale of all numbers; falls back to English for a tag that `Intl` does not know. */
export function setLocale(tag: string): void {
  try {
    locale = Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    locale = "en";
  }
  formatters.clear();
}

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, options);
  formatters.set(key, made);
  return made;
}

function write(value: number, options: Intl.NumberFormatOptions): string {
  return formatter(options).format(value).replace("-", "−");
}

function special(value: number | null | undefined): string | undefined {
  if (value === null || value === undefined) return missing;
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return undefined;
}

/** A number in full, grouped as the locale does: `196,608`. */
export function count(value: number): string {
  return write(value, { maximumFractionDigits: 0 });
}

/** `digits` significant digits: plain from 0.001 to 9,999, `6.51e−4` outside. */
export function significant(value: number | null | undefined, digits = 3): string {
  const word = special(value);
  if (word !== undefined) return word;
  const x = Number(value);
  if (x === 0) return "0";
  const rounded = Number(x.toPrecision(digits));
  if (Math.abs(rounded) < 0.001 || Math.round(Math.abs(x)) >= 10_000) return exponential(rounded, digits - 1);
  if (Math.abs(x) >= 10 ** digits) return write(x, { maximumFractionDigits: 0 });
  return write(rounded, { minimumSignificantDigits: digits, maximumSignificantDigits: digits });
}

function exponential(value: number, fractionDigits: number): string {
  const [mantissa, exponent] = value.toExponential(fractionDigits).split("e");
  const digits = { minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits };
  return `${write(Number(mantissa), digits)}e${Number(exponent) < 0 ? "−" : ""}${Math.abs(Number(exponent))}`;
}

/** Like {@link significant}, with a sign in front of positive numbers too: a change. */
export function signed(value: number | null | undefined): string {
  const text = significant(value);
  return typeof value === "number" && value > 0 ? `+${text}` : text;
}

/** A change of a count: `+26,970`. */
export function signedCount(value: number): string {
  return value > 0 ? `+${count(value)}` : count(value);
}

/** The same number of decimals for all cells of a column. */
export function fixed(value: number | null | undefined, decimals: number): string {
  return special(value) ?? write(Number(value), { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Decimals that give numbers up to `largest` three to four significant digits. */
export function decimalsFor(largest: number): number {
  if (!(largest > 0) || !Number.isFinite(largest)) return 0;
  return Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(largest))));
}

/** A scientific number with two decimals, for columns whose values span many decades. */
export function scientific(value: number): string {
  return special(value) ?? (value === 0 ? "0" : exponential(value, 2));
}

type Unit = readonly [factor: number, name: string];

/** Three significant digits in the largest unit that fits; below the smallest one a count. */
function scaled(value: number, units: readonly Unit[], base: string): string {
  const unit = units.find(([factor]) => Math.abs(Number(value.toPrecision(3))) >= factor);
  if (!unit) return base === "" ? count(value) : `${count(value)} ${base}`;
  return `${write(value / unit[0], { minimumSignificantDigits: 3, maximumSignificantDigits: 3 })} ${unit[1]}`;
}

const countUnits: readonly Unit[] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];
const byteUnits: readonly Unit[] = [
  [1e12, "TB"],
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
];

/** A large number, short: `65.5 k`, `2.36 M`, `70.6 B`. */
export function compact(value: number): string {
  return scaled(value, countUnits, "");
}

/** Bytes of files and of stored weights, in powers of ten: `393 kB`, `8.40 MB`, `14.5 GB`. */
export function bytes(value: number): string {
  return scaled(value, byteUnits, "B");
}

/** Bytes in memory, in GiB (2³⁰ bytes) with two decimals: `26.08 GiB`. */
export function gibibytes(value: number): string {
  return `${fixed(value / 2 ** 30, 2)} GiB`;
}

/** A share, 0 to 1, as a percentage with three significant digits; `0.05 %` and less keep two decimals, what is not zero is not written so. */
export function percent(share: number | null | undefined): string {
  const word = special(share);
  if (word !== undefined) return word;
  return `${percentNumber(Number(share))} %`;
}

/** The number of a percentage, without its sign. */
export function percentNumber(share: number): string {
  const value = share * 100;
  if (value === 0) return "0";
  if (value > 0 && value < 0.005) return `< ${fixed(0.01, 2)}`;
  const decimals = value >= 99.95 ? 0 : value >= 1 ? 1 : 2;
  return write(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A round share, as on an axis, as a percentage: `20 %`, `0.5 %`. */
export function roundPercent(share: number): string {
  if (share > 0 && share < 1e-5) return `${significant(share * 100, 1)} %`;
  return `${write(share * 100, { maximumSignificantDigits: 2 })} %`;
}

/** Time that has passed or is left: `3 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${count(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${count(minutes)} min ${count(seconds % 60)} s`;
  return `${count(Math.floor(minutes / 60))} h ${count(minutes % 60)} min`;
}

/** A shape: `768 × 256`. A scalar has no dimensions and is called one. */
export function shape(dimensions: readonly number[], separator = " × "): string {
  return dimensions.length === 0
    ? t("scalar")
    : dimensions.map((dimension) => (separator === "×" ? String(dimension) : count(dimension))).join(separator);
}

/** A range of values: `−0.23 … 0.23`. */
export function range(low: number | null, high: number | null, digits = 3): string {
  return `${significant(low, digits)} … ${significant(high, digits)}`;
}

/** A name that files write in small letters, as the text has it: `Llama`. */
export function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
