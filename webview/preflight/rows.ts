import type { PreflightRow } from "../../src/protocol/preflight";
import { filterNames } from "../editor/tensors/filter";

/** Which rows the table lists: all, those that change their type, those that do not, and those with a replaced type. */
export type RowKind = "all" | "changed" | "kept" | "fallback";

/** How many rows each choice lists. */
export function countKinds(rows: readonly PreflightRow[]): Record<RowKind, number> {
  const changed = rows.filter(({ from, to }) => from !== to).length;
  const fallback = rows.filter((row) => row.fallback !== undefined).length;
  return { all: rows.length, changed, kept: rows.length - changed, fallback };
}

/** Places of the rows of a kind whose names fit the filter, in the order of the file. */
export function shownRows(rows: readonly PreflightRow[], kind: RowKind, filter: string): number[] {
  const fits = filterNames(
    rows.map(({ name }) => name),
    filter,
  );
  return rows.flatMap((row, place) => (isOfKind(row, kind) && fits?.[place] !== false ? [place] : []));
}

function isOfKind({ from, to, fallback }: PreflightRow, kind: RowKind): boolean {
  if (kind === "changed") return from !== to;
  if (kind === "kept") return from === to;
  return kind === "all" || fallback !== undefined;
}

/** Bytes that fallbacks add together. */
export function fallbackBytes(rows: readonly PreflightRow[]): number {
  return rows.reduce((sum, { fallback }) => sum + (fallback?.extraBytes ?? 0), 0);
}
