import * as vscode from "vscode";

/** Saves what a page made through a dialog. @param folder that it offers @returns false when it was dismissed */
export async function saveFile(folder: vscode.Uri, name: string, content: Uint8Array): Promise<boolean> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(folder, name) });
  if (!target) return false;
  await vscode.workspace.fs.writeFile(target, content);
  return true;
}
