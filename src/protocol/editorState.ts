export type ColumnId =
  "shape" | "dtype" | "parameters" | "bytes" | "offset" | "min" | "max" | "mean" | "std" | "kurtosis" | "zero" | "range" | "spark";
/** `order`: as in the file (list) or as in the model (tree). `range` sorts by the largest magnitude, `spark` by kurtosis. */
export type SortKey = "order" | "name" | ColumnId;
export type DetailTab = "importance" | "histogram" | "values" | "types" | "metadata";

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
  /** Share of the width given to the list when it stands beside the detail, 0 to 1; absent for the standard layout. */
  split?: number;
  /** Share of the height given to the list when it stands above the detail. */
  stackedSplit?: number;
  scrollTop: number;
  /** The active cell of the values grid. */
  values: { row: number; column: number };
  /** Whether cells are tinted by their value. */
  tint: boolean;
  /** Whether block types show their codes instead of the decoded values. */
  codes: boolean;
}
