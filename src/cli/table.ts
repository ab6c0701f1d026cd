import { plainText } from "./format";

/** A column: its heading, and whether it holds numbers, which are aligned at their end. */
export interface Column {
  heading: string;
  numeric?: boolean;
}

/** Lines of a table with columns as wide as their widest cell, two spaces apart. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ heading }) => heading), ...rows.map((row) => row.map(plainText))];
  const widths = columns.map((_, column) => cells.reduce((width, row) => Math.max(width, row[column]!.length), 0));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (columns[column]!.numeric ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join("  ");
  return cells.map((row) => line(row).trimEnd()).join("\n");
}
