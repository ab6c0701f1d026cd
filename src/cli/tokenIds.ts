import { readFile } from "node:fs/promises";
import { UsageError } from "../core/errors";
import { explainNodeError } from "../io/nodeErrors";

/**
 * Token ids from the command line: a list such as `1,370,262`, or the name of a file with ids between anything that is no digit,
 * such as a JSON array.
 *
 * @throws UsageError `bad-ids`; FormatError for a file that cannot be read
 */
export async function readIds(text: string): Promise<Int32Array> {
  if (/^[\d\s,]+$/.test(text)) return parseIds(text);
  return parseIds(
    await readFile(text, "utf8").catch((error: unknown) => {
      throw explainNodeError(error, text);
    }),
  );
}

function parseIds(text: string): Int32Array {
  const found = text.match(/^[\d\s,[\]]*$/) ? (text.match(/\d+/g) ?? []) : [];
  const ids = Int32Array.from(found, Number);
  if (ids.length > 0 && ids.every((id, i) => String(id) === found[i]!.replace(/^0+(?=\d)/, ""))) return ids;
  throw new UsageError("bad-ids", "There are no token ids in what was given", {
    expected: "whole numbers between commas, spaces or line ends, or a file with such",
    found: text.slice(0, 40),
  });
}
