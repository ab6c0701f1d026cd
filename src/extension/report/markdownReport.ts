import type { NumberText } from "../numberText";
import { markdownCell as cell, markdownFigure as figure, markdownTable } from "./markdownText";
import type { ReportContent } from "./reportContent";

/** Headings of the report, localized. */
export interface MarkdownReportText {
  facts: string;
  tensors: string;
  columns: {
    name: string;
    type: string;
    shape: string;
    weights: string;
    bytes: string;
    min: string;
    max: string;
    mean: string;
    std: string;
    kurtosis: string;
  };
  /** Columns that are there only if a tensor has such values. */
  notFinite: { nan: string; inf: string };
}

/** What the editor shows, as a document: facts, findings, and the table of tensors. */
export function markdownReport({ snapshot, find }: ReportContent, numbers: NumberText, text: MarkdownReportText): string {
  const isFinite = snapshot.tensors.every((_, index) => {
    const stats = find(index);
    return !stats || stats.nan + stats.inf === 0;
  });
  const columns = Object.values(isFinite ? text.columns : { ...text.columns, ...text.notFinite });
  const counted = (value: number | undefined): string => (value === undefined ? figure(undefined) : numbers.integer(value));
  const rows = snapshot.tensors.map((tensor, index) => {
    const stats = find(index);
    return [
      cell(tensor.name),
      tensor.dtype,
      tensor.shape.join(" × "),
      numbers.integer(tensor.parameters),
      numbers.integer(tensor.bytes),
      figure(stats?.min),
      figure(stats?.max),
      figure(stats?.mean),
      figure(stats?.std),
      figure(stats?.kurtosis),
      ...(isFinite ? [] : [counted(stats?.nan), counted(stats?.inf)]),
    ];
  });
  const findings = snapshot.warnings.map(
    (warning) => `* ${warning.severity}: ${cell(warning.message)}${warning.hint ? ` ${cell(warning.hint)}` : ""}`,
  );
  return [
    `# ${cell(snapshot.name)}`,
    text.facts,
    ...(findings.length > 0 ? [findings.join("\n")] : []),
    `## ${text.tensors}`,
    markdownTable(columns, rows),
    "",
  ].join("\n\n");
}
