import { fixed, significant } from "../ui/format";

/** Magnitudes that are written without a power of ten. */
const [leastPlain, mostPlain] = [1e-6, 1e9];

/** A number that somebody gave, with the decimals that it has: `3.1`, `−2.5`. @param value of up to 6 significant digits */
export function exactNumber(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const magnitude = Math.abs(rounded);
  if (magnitude !== 0 && (magnitude < leastPlain || magnitude >= mostPlain)) return significant(rounded);
  const decimals = /\.(\d+)$/.exec(String(rounded))?.[1]?.length ?? 0;
  return fixed(rounded, decimals);
}
