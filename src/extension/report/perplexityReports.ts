import type { PerplexityRow, PerplexityState } from "../../protocol/perplexity";
import type { ReportFormat } from "./reportFile";
import { csvText } from "./csvText";
import { markdownCell, markdownFigure, markdownTable } from "./markdownText";

/** A figure of a row, by its name in reports. */
const figures: readonly (readonly [name: string, of: (row: PerplexityRow) => number | null | undefined])[] = [
  ["bitsPerWeight", ({ bitsPerWeight }) => bitsPerWeight],
  ["bytes", ({ bytes }) => bytes],
  ["perplexity", (row) => row.figures?.perplexity],
  ["standardError", (row) => row.figures?.standardError],
  ["nll", (row) => row.figures?.nll],
  ["windows", (row) => row.figures?.windows],
  ["delta", ({ answers }) => answers?.delta],
  ["divergenceMean", ({ answers }) => answers?.divergence.mean],
  ["divergenceMedian", ({ answers }) => answers?.divergence.median],
  ["divergence99", ({ answers }) => answers?.divergence.percentile99],
  ["divergenceMax", ({ answers }) => answers?.divergence.max],
  ["sameTop", ({ answers }) => answers?.sameTop],
];

/** A table of perplexities, of what is measured. */
export function perplexityReport(name: string, { rows, text }: PerplexityState, format: ReportFormat): string {
  const measured = rows.filter((row) => row.figures);
  switch (format) {
    case "csv":
      return csvText([
        ["name", "kind", ...figures.map(([figure]) => figure)],
        ...measured.map((row) => [row.label, row.kind, ...figures.map(([, of]) => of(row))]),
      ]);
    case "md":
      return `${markdownTable(
        ["name", "kind", ...figures.map(([figure]) => figure)],
        measured.map((row) => [markdownCell(row.label), row.kind, ...figures.map(([, of]) => markdownFigure(of(row)))]),
      )}\n`;
    case "json": {
      const list = measured.map(({ id: _, detail: __, schemeLabel: ___, figures: found, ...row }) => ({ ...row, ...found }));
      return `${JSON.stringify({ checkpoint: name, text: text ?? null, rows: list }, undefined, 2)}\n`;
    }
  }
}
