import type { Command } from "./command";
import { estimateFile } from "./estimateFile";
import { passedUri, readableEditor } from "./target";

/**
 * *Open Size Estimator*: about a given file or folder, else as it was; about the active checkpoint when it opens first. Callers may
 * pass a line such as `70b q4_k_m 8k`, or fields of an `EstimateChoice`, in place of a URI.
 */
export const openEstimator: Command = {
  id: "quantscope.openEstimator",
  async run(services, argument) {
    const passed =
      passedUri(argument) ?? (services.estimatorPanels.isOpen || argument !== undefined ? undefined : readableEditor(services));
    if (passed) {
      const { source, uri } = await estimateFile(passed);
      await services.estimatorPanels.show({ source, [source]: uri.toString() });
    } else await services.estimatorPanels.show(typeof argument === "string" ? { source: "size", line: argument } : argument);
  },
};
