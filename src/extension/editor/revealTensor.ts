import * as vscode from "vscode";
import type { CheckpointDocument } from "../document/checkpointDocument";
import type { Services } from "../services";

/** Shows a tensor in the editor of its checkpoint. @param index among the tensors that packed weights mean */
export async function revealTensor({ editors }: Services, document: CheckpointDocument, uri: vscode.Uri, index: number): Promise<void> {
  await document.showStored(false);
  const editor = editors.of(uri)[0];
  if (editor) editor.reveal({ tensor: index });
  else {
    await vscode.commands.executeCommand("vscode.open", uri);
    editors.of(uri)[0]?.reveal({ tensor: index });
  }
}
