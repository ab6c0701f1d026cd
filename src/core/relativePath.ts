import { FormatError } from "./errors";

/**
 * The segments of a path that a file gives to another one, relative to its own folder, with `/` between them.
 * @throws FormatError `io.outside` for one that is absolute, goes up (`..`), or has characters that some system takes for more
 *   than a name
 */
export function insideSegments(path: string): string[] {
  const segments = path.split("/").filter((segment) => segment !== ".");
  const isInside = segments.every((segment) => segment !== "" && segment !== ".." && !/[\\\0:]/.test(segment));
  if (segments.length === 0 || !isInside) throw outside(path);
  return segments;
}

/** The error of a path that leads out of the folder it has to stay in. */
export function outside(path: string): FormatError {
  return new FormatError("io.outside", `${JSON.stringify(path.slice(0, 200))} does not lie in the folder of the file that names it`, {
    expected: "a relative path without .. or links that lead elsewhere",
    found: path.slice(0, 200),
    hint: "Files elsewhere are not opened. Put the file beside the one that names it.",
  });
}
