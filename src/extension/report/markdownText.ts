/** Text in a table cell: names come from the file and may hold anything. */
export function markdownCell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, "\\$&").replace(/[\r\n]+/g, " ");
}

/** Four significant digits; a dash where there is no figure. */
export function markdownFigure(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : String(Number(value.toPrecision(4)));
}

/** A table whose first two columns hold text, the others numbers. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = columns.map((_, column) => (column < 2 ? "---" : "---:"));
  return [columns, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
