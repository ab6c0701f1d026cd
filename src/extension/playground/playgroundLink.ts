import * as vscode from "vscode";
import type { PlaygroundState } from "../../protocol/playground";

/** The checkpoint that comes with the extension. */
export function sampleUri({ extensionUri }: Pick<vscode.ExtensionContext, "extensionUri">): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "media", "sample", "model.safetensors");
}

export function isSample(context: Pick<vscode.ExtensionContext, "extensionUri">, uri: vscode.Uri): boolean {
  return uri.toString() === sampleUri(context).toString();
}

/**
 * A command URI that opens the playground with what is chosen, for Markdown and notebooks.
 *
 * @param checkpoint URI of the checkpoint; the sample when absent, whose place differs between machines
 */
export function playgroundLink(state: PlaygroundState, checkpoint?: string): string {
  const argument = checkpoint === undefined ? state : { ...state, checkpoint };
  return `command:quantscope.openPlayground?${encodeURIComponent(JSON.stringify([argument]))}`;
}
