/** What a cell can hold; nothing for a figure that there is not. */
export type CsvValue = string | number | null | undefined;

function field(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  // Spreadsheets run what starts like a formula; a name from a downloaded file must not become one.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lines of a CSV file (RFC 4180), numbers at full precision. */
export function csvText(lines: readonly (readonly CsvValue[])[]): string {
  return lines.map((line) => line.map(field).join(",")).join("\r\n") + "\r\n";
}
