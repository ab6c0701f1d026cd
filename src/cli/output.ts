import { fstatSync, writeSync } from "node:fs";
import { FormatError } from "../core/errors";

/** Stdout, as a file descriptor. */
const stdout = 1;

/** Code of the error when stdout takes no more. */
export const outputFailed = "io.output";

/**
 * Writes a text and a line end to stdout, and waits until it is written: it may be a pipe, and large.
 *
 * @throws FormatError `io.output` when stdout takes no more
 */
export async function print(text: string): Promise<void> {
  try {
    // Node writes to a file once and drops what did not fit: on a full disk the end would be missing without an error.
    if (fstatSync(stdout).isFile()) writeAll(Buffer.from(`${text}\n`));
    else await new Promise<void>((resolve, reject) => process.stdout.write(`${text}\n`, (error) => (error ? reject(error) : resolve())));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : message;
    throw new FormatError(outputFailed, `The output cannot be written: ${why}`, { found: code });
  }
}

function writeAll(bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(stdout, bytes, done);
}

/** The one JSON document of a command. Figures that are not finite become null. */
export function printJson(document: unknown): Promise<void> {
  return print(JSON.stringify(document));
}
