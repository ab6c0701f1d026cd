import type { ColumnId, EditorState, SortKey } from "../../src/protocol/editorState";

/** All columns beside the name, in the order in which they stand. */
export const allColumns: readonly ColumnId[] = [
  "shape",
  "dtype",
  "parameters",
  "bytes",
  "offset",
  "min",
  "max",
  "mean",
  "std",
  "kurtosis",
  "zero",
  "range",
  "spark",
];

const defaultColumns: readonly ColumnId[] = ["shape", "dtype", "parameters", "std", "range", "spark"];

/** What an editor shows that was never touched. */
export function defaultState(scheme: string): EditorState {
  return {
    version: 1,
    filter: "",
    view: "tree",
    sort: { key: "order", descending: false },
    columns: [...defaultColumns],
    collapsed: [],
    tab: "histogram",
    scheme,
    logScale: true,
    asTable: false,
    scrollTop: 0,
    values: { row: 0, column: 0 },
    tint: true,
    codes: false,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= 100_000 ? value : undefined;
}

function flag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function number(value: unknown, low: number, high: number): number | undefined {
  return typeof value === "number" && value >= low && value <= high ? value : undefined;
}

function oneOf<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  return words.find((word) => word === value);
}

function fieldsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => text(item) !== undefined) : undefined;
}

/**
 * A stored state, made whole: it may come from another version or have been cut short, so every field is checked and
 * what does not fit takes its default.
 */
export function restoreState(stored: unknown, scheme: string): EditorState {
  const fallback = defaultState(scheme);
  const fields = fieldsOf(stored);
  if (fields.get("version") !== 1) return fallback;
  const sort = fieldsOf(fields.get("sort"));
  const values = fieldsOf(fields.get("values"));
  const sortKeys: readonly SortKey[] = ["order", "name", ...allColumns];
  const columns = texts(fields.get("columns"));
  return {
    version: 1,
    filter: text(fields.get("filter")) ?? fallback.filter,
    view: oneOf(fields.get("view"), ["tree", "list"]) ?? fallback.view,
    sort: { key: oneOf(sort.get("key"), sortKeys) ?? "order", descending: flag(sort.get("descending")) ?? false },
    columns: columns ? allColumns.filter((column) => columns.includes(column)) : fallback.columns,
    collapsed: texts(fields.get("collapsed")) ?? [],
    selected: text(fields.get("selected")),
    tab: oneOf(fields.get("tab"), ["importance", "histogram", "values", "types", "metadata"]) ?? fallback.tab,
    scheme: text(fields.get("scheme")) ?? scheme,
    logScale: flag(fields.get("logScale")) ?? fallback.logScale,
    asTable: flag(fields.get("asTable")) ?? fallback.asTable,
    split: number(fields.get("split"), 0, 1),
    stackedSplit: number(fields.get("stackedSplit"), 0, 1),
    scrollTop: number(fields.get("scrollTop"), 0, Number.MAX_SAFE_INTEGER) ?? 0,
    values: {
      row: number(values.get("row"), 0, Number.MAX_SAFE_INTEGER) ?? 0,
      column: number(values.get("column"), 0, Number.MAX_SAFE_INTEGER) ?? 0,
    },
    tint: flag(fields.get("tint")) ?? fallback.tint,
    codes: flag(fields.get("codes")) ?? fallback.codes,
  };
}
