import type { NumberText } from "../numberText";
import type { ReportContent } from "./reportContent";

/** Text in a table cell: names come from the file and may hold anything. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, "\\$&").replace(/[\r\n]+/g, " ");
}

/** Four significant digits; a dash where there is no figure. */
function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : String(Number(value.toPrecision(4)));
}

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
}

/** What the editor shows, as a document: facts, findings, and the table of tensors. */
export function markdownReport({ snapshot, find }: ReportContent, numbers: NumberText, text: MarkdownReportText): string {
  const columns = Object.values(text.columns);
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
    [columns, columns.map((_, column) => (column < 2 ? "---" : "---:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n"),
    "",
  ].join("\n\n");
}
