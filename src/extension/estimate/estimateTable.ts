import type { EstimateReport, EstimateRow } from "../../core/estimate/estimateSize";
import { formatGB, formatGiB } from "../../core/estimate/units";
import type { NumberText } from "../numberText";
import { nameAndExplanation } from "./estimateText";

/** Localized texts of the table. */
export interface EstimateTableText {
  title: string;
  /** Weights and where the shapes come from. */
  basis: string;
  columns: { type: string; bits: string; bytes: string; cache: string; total: string; meaning: string };
  /** What the sign before a size means. */
  approximate: string;
}

/** An estimate as a Markdown document: exact bytes beside rounded ones, the KV cache where a context was asked for. */
export function estimateTable(report: EstimateReport, numbers: NumberText, text: EstimateTableText): string {
  const hasCache = report.rows.some((row) => row.kvCacheBytes !== undefined);
  const { type, bits, bytes, cache, total, meaning } = text.columns;
  const header = [type, bits, bytes, "GB", "GiB", ...(hasCache ? [cache, total] : []), meaning];
  const numeric = header.length - 2;
  const rule = ["---", ...Array.from({ length: numeric }, () => "---:"), "---"];
  const lines = [header, rule, ...report.rows.map((row) => rowCells(row, hasCache, numbers))];
  const notes = report.rows.some((row) => row.kind === "approximate") ? [text.approximate] : [];
  return [`# ${text.title}`, text.basis, lines.map((line) => `| ${line.join(" | ")} |`).join("\n"), ...notes, ""].join("\n\n");
}

function rowCells(row: EstimateRow, hasCache: boolean, numbers: NumberText): string[] {
  const about = row.kind === "approximate" ? "≈ " : "";
  const { name, explanation } = nameAndExplanation(row);
  const cache = row.kvCacheBytes === undefined ? ["–", "–"] : [formatGiB(row.kvCacheBytes), formatGiB(row.totalBytes)];
  const sizes = [about + numbers.integer(row.bytes), formatGB(row.bytes), formatGiB(row.bytes), ...(hasCache ? cache : [])];
  return [
    unbroken(name.replace(/[|_*]/g, "\\$&")),
    numbers.hundredths(row.bitsPerWeight),
    ...sizes.map(unbroken),
    [explanation, row.note].filter(Boolean).join("; "),
  ];
}

/** With spaces at which no line is broken. */
function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}
