import * as vscode from "vscode";

/** English text → translation, for the page. Empty where VS Code speaks English. */
export function webviewStrings(): Record<string, string> {
  const texts = Object.entries(vscode.l10n.bundle ?? {});
  return Object.fromEntries(texts.flatMap(([english, text]) => (typeof text === "string" ? [[english, text]] : [])));
}
