export type SortKey = "order" | "name" | "shape" | "dtype" | "parameters" | "bytes" | "min" | "max" | "mean" | "std" | "kurtosis" | "zero";
export type ColumnId = "shape" | "dtype" | "parameters" | "bytes" | "offset" | "mean" | "std" | "kurtosis" | "zero" | "range" | "spark";
export type DetailTab = "histogram" | "values" | "metadata";

/** Navigation and view choices of one editor: small, and enough to show the same picture again after a reload. */
export interface EditorState {
  version: 1;
  filter: string;
  view: "tree" | "list";
  sort: { key: SortKey; descending: boolean };
  columns: ColumnId[];
  /** Tree nodes the user closed, by path. */
  collapsed: string[];
  /** Name of the selected tensor: indices change when a file does. */
  selected?: string;
  tab: DetailTab;
  scheme: string;
  logScale: boolean;
  asTable: boolean;
  /** Share of the width given to the list, 0 to 1. */
  split: number;
  scrollTop: number;
  values: { row: number; column: number };
}
