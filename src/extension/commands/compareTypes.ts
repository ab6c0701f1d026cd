import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/** *Compare Quantization Types*: what each of several types does to every weight matrix of the active checkpoint, or of a given one. */
export const compareTypes: Command = {
  id: "quantscope.compareTypes",
  async run(services, argument) {
    await services.errorsPanels.show(await checkpointFile(requireTarget(services, argument)));
  },
};
