import { homedir } from "node:os";
import * as vscode from "vscode";

/** The folder that is proposed for what belongs to no checkpoint: the workspace's on a disk, else the user's. */
export function readersFolder(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri ?? vscode.Uri.file(homedir());
}

/**
 * The folder that is proposed for what is made of a checkpoint: its own. The sample's belongs to the extension and goes with its
 * next version, so of that the reader's.
 */
export function outputFolder({ extensionUri }: Pick<vscode.ExtensionContext, "extensionUri">, checkpoint: vscode.Uri): vscode.Uri {
  const isSample = checkpoint.scheme === extensionUri.scheme && checkpoint.path.startsWith(`${extensionUri.path}/`);
  return isSample ? readersFolder() : vscode.Uri.joinPath(checkpoint, "..");
}
