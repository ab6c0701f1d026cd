import * as vscode from "vscode";

/** The checkpoint that comes with the extension: a small trained Llama. */
export function sampleUri({ extensionUri }: Pick<vscode.ExtensionContext, "extensionUri">): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "media", "sample", "model.safetensors");
}
