import type { ErrorFigures } from "../../core/measure/reports";
import type { ErrorsReport } from "../../jobs/contract";
import { csvText } from "./csvText";
import { markdownCell, markdownFigure, markdownTable } from "./markdownText";

type Table = Pick<ErrorsReport, "tensors" | "total">;

const figures = [
  "mae",
  "rmse",
  "maxError",
  "relativeRmse",
  "sqnrDb",
  "within5",
  "cosine",
  "weightedRmse",
  "weightedRelativeRmse",
  "bitsPerWeight",
  "bytes",
] as const;

interface Row {
  name: string;
  shape: string;
  type: string;
  figures: ErrorFigures;
}

/** A row for each tensor and type, and one for everything together. */
function rowsOf({ tensors, total }: Table): Row[] {
  const named = [
    ...tensors.map(({ name, shape, types }) => ({ name, shape: shape.join("x"), types })),
    { name: "total", shape: "", types: total },
  ];
  return named.flatMap(({ name, shape, types }) => Object.entries(types).map(([type, found]) => ({ name, shape, type, figures: found })));
}

/** An error table for spreadsheets. */
export function errorsCsv(table: Table): string {
  const lines = rowsOf(table).map((row) => [
    row.name,
    row.shape,
    row.type,
    row.figures.fallback,
    ...figures.map((key) => row.figures[key]),
  ]);
  return csvText([["name", "shape", "type", "fallback", ...figures], ...lines]);
}

/** An error table to read. */
export function errorsMarkdown(table: Table): string {
  const rows = rowsOf(table).map((row) => [
    markdownCell(row.name),
    row.figures.fallback === undefined ? row.type : `${row.type} → ${row.figures.fallback}`,
    ...figures.map((key) => markdownFigure(row.figures[key])),
  ]);
  return `${markdownTable(["name", "type", ...figures], rows)}\n`;
}
