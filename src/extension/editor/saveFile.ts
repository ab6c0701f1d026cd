import * as vscode from "vscode";

/** Saves what a page made through a dialog, which offers the folder of `beside`. @returns false when it was dismissed */
export async function saveFile(beside: vscode.Uri, name: string, content: Uint8Array): Promise<boolean> {
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(beside, "..", name) });
  if (!target) return false;
  await vscode.workspace.fs.writeFile(target, content);
  return true;
}
