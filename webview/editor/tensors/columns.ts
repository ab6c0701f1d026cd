import type { ColumnId, SortKey } from "../../../src/protocol/editorState";
import { t } from "../../ui/l10n";

export interface Column {
  readonly id: "name" | ColumnId;
  readonly sortKey: SortKey;
  /** Pixels; the name takes what is left. */
  readonly width: number;
  readonly numeric: boolean;
  label(): string;
  /** How the column chooser calls it, where the label of the header is only a sign. */
  name?(): string;
  /** What the column is, in a sentence. */
  title(): string;
}

/** Pixels below which the name says too little: columns give way first. */
const leastNameWidth = 150;

const columns: Record<"name" | ColumnId, Column> = {
  name: {
    id: "name",
    sortKey: "name",
    width: leastNameWidth,
    numeric: false,
    label: () => t("Name"),
    title: () => t("Name of the tensor"),
  },
  shape: {
    id: "shape",
    sortKey: "shape",
    width: 86,
    numeric: true,
    label: () => t("Shape"),
    title: () => t("Dimensions, outermost first"),
  },
  dtype: {
    id: "dtype",
    sortKey: "dtype",
    width: 56,
    numeric: false,
    label: () => t("Type"),
    title: () => t("Type in which the values are stored"),
  },
  parameters: {
    id: "parameters",
    sortKey: "parameters",
    width: 68,
    numeric: true,
    label: () => t("Weights"),
    title: () => t("Number of values"),
  },
  bytes: { id: "bytes", sortKey: "bytes", width: 72, numeric: true, label: () => t("Size"), title: () => t("Bytes in the file") },
  offset: {
    id: "offset",
    sortKey: "offset",
    width: 104,
    numeric: true,
    label: () => t("Offset"),
    title: () => t("Where the tensor starts in its file, in bytes"),
  },
  min: { id: "min", sortKey: "min", width: 72, numeric: true, label: () => t("Minimum"), title: () => t("Smallest finite value") },
  max: { id: "max", sortKey: "max", width: 72, numeric: true, label: () => t("Maximum"), title: () => t("Largest finite value") },
  mean: { id: "mean", sortKey: "mean", width: 76, numeric: true, label: () => t("Mean"), title: () => t("Mean of the finite values") },
  std: {
    id: "std",
    sortKey: "std",
    width: 62,
    numeric: true,
    label: () => "σ",
    name: () => t("Standard deviation"),
    title: () => t("Standard deviation"),
  },
  kurtosis: {
    id: "kurtosis",
    sortKey: "kurtosis",
    width: 66,
    numeric: true,
    label: () => t("Kurtosis"),
    title: () => t("How heavy the tails are; 3 for a normal distribution"),
  },
  zero: { id: "zero", sortKey: "zero", width: 66, numeric: true, label: () => t("Zeros"), title: () => t("Values that are exactly zero") },
  range: {
    id: "range",
    sortKey: "range",
    width: 98,
    numeric: false,
    label: () => t("Range"),
    title: () => t("Whisker: minimum to maximum. Bar: mean ± σ. One scale for all rows. Sorted by the largest magnitude"),
  },
  spark: {
    id: "spark",
    sortKey: "spark",
    width: 90,
    numeric: false,
    label: () => t("±5σ, log"),
    name: () => t("Histogram"),
    title: () => t("Log count over mean ± 5σ. Sorted by kurtosis"),
  },
};

/** In which order columns give way to a narrow list; those not named stay longest. */
const givingWay: readonly ColumnId[] = ["offset", "zero", "kurtosis", "mean", "min", "max", "bytes", "dtype", "parameters", "shape", "std"];

export function columnOf(id: "name" | ColumnId): Column {
  return columns[id];
}

/** The chosen columns that fit into `width` pixels beside the name. */
export function fitColumns(chosen: readonly ColumnId[], width: number): Column[] {
  const kept = new Set(chosen);
  const total = (): number => [...kept].reduce((sum, id) => sum + columns[id].width, leastNameWidth);
  for (const id of [...givingWay, "range", "spark"] as const) if (total() > width) kept.delete(id);
  return [columns.name, ...chosen.filter((id) => kept.has(id)).map((id) => columns[id])];
}

/** The tracks of a row, for `grid-template-columns`. */
export function gridTracks(shown: readonly Column[]): string {
  return shown.map((column) => (column.id === "name" ? "minmax(0, 1fr)" : `${column.width}px`)).join(" ");
}
