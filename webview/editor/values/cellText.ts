import { decimalsFor, fixed, scientific } from "../../ui/format";

/** How the cells of one tensor are written: all alike, so that sizes can be compared by eye. */
export interface CellStyle {
  /** Undefined: with an exponent. */
  decimals: number | undefined;
  /** Characters of the widest cell. */
  characters: number;
}

/** The style for a tensor whose largest magnitude is `absMax`; integer types have no decimals. */
export function cellStyle(dtype: string, absMax: number | undefined): CellStyle {
  if (/^(I|U)\d+$|^BOOL$/.test(dtype)) return { decimals: 0, characters: Math.max(4, String(Math.ceil(absMax ?? 255)).length + 1) };
  const largest = absMax ?? 1;
  if (largest >= 1e5 || (largest > 0 && largest < 1e-4)) return { decimals: undefined, characters: 9 };
  const decimals = decimalsFor(largest);
  return { decimals, characters: Math.max(1, Math.floor(Math.log10(Math.max(1, largest))) + 1) + 2 + decimals };
}

/** The style for codes, which are small integers. */
export const codeStyle: CellStyle = { decimals: 0, characters: 4 };

/** A value as its cell shows it. Texts (NaN, infinities, 64-bit integers) stay, with a true minus. */
export function cellText(value: number | string, style: CellStyle): string {
  if (typeof value === "string") return specialText(value);
  return style.decimals === undefined ? scientific(value) : fixed(value, style.decimals);
}

/** A value with all its digits. */
export function exactText(value: number | string): string {
  return typeof value === "string" ? specialText(value) : String(value).replaceAll("-", "−");
}

function specialText(value: string): string {
  if (value === "Infinity") return "∞";
  return value === "-Infinity" ? "−∞" : value.replace("-", "−");
}

/** Cells as tab-separated lines that a spreadsheet understands: plain digits, a plain minus. */
export function toTsv(cells: readonly (readonly (number | string | undefined)[])[]): string {
  return cells.map((row) => row.map((value) => (value === undefined ? "" : String(value))).join("\t")).join("\n");
}
