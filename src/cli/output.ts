/** Writes a text and a line end to stdout, and waits until it is written: it may be a pipe, and large. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(`${text}\n`, (error) => (error ? reject(error) : resolve())));
}

/** The one JSON document of a command. Figures that are not finite become null. */
export function printJson(document: unknown): Promise<void> {
  return print(JSON.stringify(document));
}
