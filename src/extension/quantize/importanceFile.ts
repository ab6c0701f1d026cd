import * as vscode from "vscode";
import { type ImportanceMatrix, loadImportance } from "../../jobs/importanceMatrix";
import { openCheckpointAt } from "../document/openUri";

/**
 * Asks for a file that llama-imatrix wrote, and reads it.
 *
 * @returns undefined when the dialog was dismissed
 * @throws UsageError `not-an-imatrix`; FormatError
 */
export async function askImportance(beside: vscode.Uri): Promise<ImportanceMatrix | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose an importance matrix"),
      defaultUri: vscode.Uri.joinPath(beside, ".."),
      filters: { [vscode.l10n.t("Importance matrix")]: ["dat", "gguf", "imatrix"], [vscode.l10n.t("All files")]: ["*"] },
    })) ?? [];
  if (!file) return undefined;
  const checkpoint = await openCheckpointAt(file);
  try {
    return await loadImportance(checkpoint);
  } finally {
    await checkpoint.close();
  }
}
