import type { Command } from "./command";
import { checkpointFile, openInEditor } from "./openInEditor";
import { requireTarget } from "./target";

/** *Open with Quantscope* in the explorer: a file, or the checkpoint in a folder. */
export const openWith: Command = {
  id: "quantscope.openWith",
  async run(services, argument) {
    await openInEditor(await checkpointFile(requireTarget(services, argument)));
  },
};
