import { homedir } from "node:os";
import * as vscode from "vscode";

/**
 * The folder that is proposed for what is made of a checkpoint: its own. The sample's belongs to the extension and goes with its
 * next version, so of that the workspace's, or the user's.
 */
export function outputFolder({ extensionUri }: Pick<vscode.ExtensionContext, "extensionUri">, checkpoint: vscode.Uri): vscode.Uri {
  const isSample = checkpoint.scheme === extensionUri.scheme && checkpoint.path.startsWith(`${extensionUri.path}/`);
  if (!isSample) return vscode.Uri.joinPath(checkpoint, "..");
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri ?? vscode.Uri.file(homedir());
}
