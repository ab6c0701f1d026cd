import { sampleUri } from "../sample";
import type { Command } from "./command";
import { openInEditor } from "./openInEditor";

/** The file of the sample checkpoint. */
export function sampleUri({ extensionUri }: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "media", "sample", "model.safetensors");
}

/** *Open Sample Checkpoint*: a small trained Llama that comes with the extension. */
export const openSample: Command = {
  id: "quantscope.openSample",
  async run({ context }) {
    await openInEditor(sampleUri(context));
  },
};
