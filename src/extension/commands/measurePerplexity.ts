import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/**
 * *Measure Perplexity…*: how well the active checkpoint, or a given one, foresees a text, and what becomes of that in other types.
 * Callers may pass `types` or `files`, and `text`, `field`, `samples` and `length`; then nothing is asked.
 */
export const measurePerplexity: Command = {
  id: "quantscope.measurePerplexity",
  async run(services, argument, chosen) {
    const uri = await checkpointFile(requireTarget(services, argument));
    const { askPerplexity, passedChoice } = (await import("../later")).later;
    const share = await services.documents.share(uri);
    try {
      const { opened } = await share.document.whenReadable();
      const open = await services.perplexityPanels.find(uri);
      const choice = passedChoice(chosen) ?? (await askPerplexity(services, uri, opened, open?.table?.choice));
      const panel = await services.perplexityPanels.show(uri);
      await panel.measure(choice);
    } finally {
      share.dispose();
    }
  },
};
