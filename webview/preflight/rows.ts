import type { PreflightRow } from "../../src/protocol/preflight";
import { filterNames } from "../editor/tensors/filter";

/** Which rows the table lists: all, those that are quantized, those that are not, and those with a replaced type. */
export type RowKind = "all" | "quantized" | "other" | "fallback";

/** How many rows each choice lists. */
export function countKinds(rows: readonly PreflightRow[]): Record<RowKind, number> {
  const quantized = rows.filter(({ isQuantized }) => isQuantized).length;
  const fallback = rows.filter((row) => row.fallback !== undefined).length;
  return { all: rows.length, quantized, other: rows.length - quantized, fallback };
}

/** Places of the rows of a kind whose names fit the filter, in the order of the file. */
export function shownRows(rows: readonly PreflightRow[], kind: RowKind, filter: string): number[] {
  const fits = filterNames(
    rows.map(({ name }) => name),
    filter,
  );
  return rows.flatMap((row, place) => (isOfKind(row, kind) && fits?.[place] !== false ? [place] : []));
}

function isOfKind({ isQuantized, fallback }: PreflightRow, kind: RowKind): boolean {
  if (kind === "quantized") return isQuantized;
  if (kind === "other") return !isQuantized;
  return kind === "all" || fallback !== undefined;
}

/** Bytes that fallbacks add together. */
export function fallbackBytes(rows: readonly PreflightRow[]): number {
  return rows.reduce((sum, { fallback }) => sum + (fallback?.extraBytes ?? 0), 0);
}
