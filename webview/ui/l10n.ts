let strings: Readonly<Record<string, string>> = {};

/** Sets the translations: English text → text in the user's language. Texts that are missing stay English. */
export function setStrings(table: Readonly<Record<string, string>>): void {
  strings = table;
}

/**
 * The text in the user's language. The English text is the key, as in `vscode.l10n.t`; `{0}`, `{1}` … stand for the
 * arguments, which are put in as they are.
 */
export function t(english: string, ...args: (string | number)[]): string {
  const text = Object.hasOwn(strings, english) ? strings[english]! : english;
  return text.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder));
}
