import { sampleUri } from "../sample";
import type { Command } from "./command";
import { openInEditor } from "./openInEditor";

/** *Open Sample Checkpoint*: a small trained Llama that comes with the extension. */
export const openSample: Command = {
  id: "quantscope.openSample",
  async run({ context }) {
    await openInEditor(sampleUri(context));
  },
};
