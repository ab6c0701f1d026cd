import * as vscode from "vscode";
import type { Command } from "./command";
import { openInEditor } from "./openInEditor";

/** *Open Sample Checkpoint*: a small trained Llama that comes with the extension. */
export const openSample: Command = {
  id: "quantscope.openSample",
  async run({ context }) {
    await openInEditor(vscode.Uri.joinPath(context.extensionUri, "media", "sample", "model.safetensors"));
  },
};
