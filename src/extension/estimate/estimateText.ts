import type { EstimateRow } from "../../core/estimate/estimateSize";
import type { EstimateNote } from "../../core/estimate/notes";
import { formatGB, formatGiB } from "../../core/estimate/units";
import type { NumberText } from "../numberText";

/** Texts of the core, as users read them. */
export interface EstimateTexts {
  note(note: EstimateNote): string;
  /** @param text what a type's label has after its name */
  explanation(text: string): string;
}

/** Localized words of an estimate. */
export interface EstimateWords {
  bitsPerWeight(bits: string): string;
  withContext(tokens: string, size: string): string;
}

/**
 * A type's name and what it is, from a label such as `INT4 · asymmetric, groups of 128`. Variants of a type have the
 * same label name; what their identifier adds (`int4-g128`) tells them apart.
 */
export function nameAndExplanation(row: Pick<EstimateRow, "type" | "label">): { name: string; explanation: string } {
  const [label = row.type, ...rest] = row.label.split(" · ");
  const variant = row.type.toLowerCase().startsWith(`${label.toLowerCase()}-`) ? ` ${row.type.slice(label.length + 1)}` : "";
  return { name: label + variant, explanation: rest.join(" · ") };
}

/** The note of a row, unless so many rows have the same that it is no news. */
export function remarkableNote({ note }: EstimateRow, rows: readonly EstimateRow[]): EstimateNote | undefined {
  const same = rows.filter((other) => other.note?.code === note?.code && other.note?.value === note?.value);
  return rows.length > 2 && same.length > 2 ? undefined : note;
}

/** `4.22 GB · 3.93 GiB · 4.82 bits/weight`; `≈` before sizes that are scaled from another model. */
export function sizeText(row: EstimateRow, context: number | undefined, numbers: NumberText, words: EstimateWords): string {
  const about = row.kind === "approximate" ? "≈ " : "";
  const parts = [`${about}${formatGB(row.bytes)}`, formatGiB(row.bytes), words.bitsPerWeight(numbers.hundredths(row.bitsPerWeight))];
  if (context !== undefined && row.kvCacheBytes !== undefined) {
    parts.push(words.withContext(numbers.integer(context), formatGiB(row.totalBytes)));
  }
  return parts.join(" · ");
}
