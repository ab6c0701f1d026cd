import { FormatError } from "../errors";
import type { RandomAccessFile } from "../file";
import { quoteName } from "../formats/text";
import { isRecord } from "../jsonRecord";

/** The field of a record that holds its text when none is named. */
export const usualField = "text";

/** Fields of a record that an error lists. */
const listedFields = 12;

/**
 * The texts in some lines of a JSONL file: one field of each record.
 *
 * @throws FormatError `jsonl.bad-line`, `jsonl.no-field`
 */
export function* jsonTexts(lines: string, field: string, { name: file }: RandomAccessFile): Generator<string> {
  for (const line of lines.split("\n")) {
    if (line.trim() === "") continue;
    const record = parseLine(line, file);
    const text = record[field];
    if (typeof text === "string") {
      yield text;
      continue;
    }
    throw new FormatError("jsonl.no-field", `A record of ${quoteName(file)} has no text in its field ${quoteName(field)}`, {
      file,
      expected: `a text in ${quoteName(field)}`,
      found: Object.keys(record).slice(0, listedFields).map(quoteName).join(", ") || "a record without fields",
      hint: "Name the field that has the text.",
    });
  }
}

function parseLine(line: string, file: string): Readonly<Record<string, unknown>> {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    found = undefined;
  }
  if (isRecord(found)) return found;
  throw new FormatError("jsonl.bad-line", `${quoteName(file)} has a line that is no record`, {
    file,
    expected: "a JSON object in each line",
    found: quoteName(line.slice(0, 80)),
    hint: "Use a file in the JSON Lines format, or a plain text.",
  });
}
