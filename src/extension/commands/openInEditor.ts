import * as vscode from "vscode";
import { CancelledError, UsageError } from "../../core/errors";
import { viewType } from "../identifiers";
import { checkpointsIn, type FoundCheckpoint } from "../views/checkpointFinder";

/** Opens a file in the checkpoint editor. */
export async function openInEditor(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("vscode.openWith", uri, viewType);
}

/** Whether a URI is a folder; false where it cannot be looked at. */
export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    return (type & vscode.FileType.Directory) !== 0;
  } catch {
    return false;
  }
}

/**
 * The file to open for a file or folder: a folder's only checkpoint, or the one the user picks.
 * @throws UsageError `no-checkpoint` for a folder without any; CancelledError when the user picks none
 */
export async function checkpointFile(uri: vscode.Uri): Promise<vscode.Uri> {
  if (!(await isFolder(uri))) return uri;
  const found = await checkpointsIn(uri);
  const [first, second] = found;
  if (!first) {
    throw new UsageError("no-checkpoint", vscode.l10n.t("There is no file with weights in {0}.", vscode.workspace.asRelativePath(uri)));
  }
  return second ? (await pickCheckpoint(found)).uri : first.uri;
}

async function pickCheckpoint(found: readonly FoundCheckpoint[]): Promise<FoundCheckpoint> {
  const items = found.map((checkpoint) => ({ label: checkpoint.label, description: checkpoint.main, checkpoint }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which checkpoint?") });
  if (!picked) throw new CancelledError();
  return picked.checkpoint;
}
