import type { PreflightPicture } from "../../protocol/preflight";
import type { NumberText } from "../numberText";
import { markdownCell as cell, markdownTable } from "./markdownText";

/** Texts of the document, localized. */
export interface PreflightMarkdownText {
  title(name: string, type: string): string;
  size(bytes: string, bitsPerWeight: string): string;
  /** Tensor, rule, from, to, bytes. */
  columns: readonly string[];
}

/** What would be written, as a document to read or to put into an issue. */
export function preflightMarkdown(picture: PreflightPicture, numbers: NumberText, text: PreflightMarkdownText): string {
  const { name, type, files, bytes, bitsPerWeight, notes, facts, refusal } = picture;
  const rows = picture.rows.map(({ name: tensor, rule, from, to, bytes: size }) => [
    cell(tensor),
    cell(rule),
    from,
    to,
    numbers.integer(size),
  ]);
  const remarks = [...(refusal === undefined ? [] : [refusal]), ...notes, ...facts];
  return [
    `# ${cell(text.title(name, type))}`,
    text.size(numbers.integer(bytes), numbers.hundredths(bitsPerWeight)),
    files.map(({ path, bytes: size }) => `* ${cell(path)}: ${numbers.integer(size)} B`).join("\n"),
    ...(remarks.length > 0 ? [remarks.map((remark) => `* ${cell(remark)}`).join("\n")] : []),
    markdownTable(text.columns, rows),
    "",
  ].join("\n\n");
}
