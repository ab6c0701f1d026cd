import type { Command } from "./command";
import { requireTarget } from "./target";

/** *Reload from Disk*: reads the header again, even if the file looks unchanged. */
export const reload: Command = {
  id: "quantscope.reload",
  async run(services, argument) {
    await services.documents.find(requireTarget(services, argument))?.reload();
  },
};
