import { fixed } from "../ui/format";

/** A number that somebody gave, with the decimals that it has: `3.1`, `−2.5`. @param value of up to 6 significant digits */
export function exactNumber(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const decimals = /\.(\d+)$/.exec(String(rounded))?.[1]?.length ?? 0;
  return fixed(rounded, decimals);
}
