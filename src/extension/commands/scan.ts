import type { Command } from "./command";
import { checkpointFile, openInEditor } from "./openInEditor";
import { requireTarget } from "./target";

/** *Scan*: measures every tensor of the active checkpoint, or of a given one, which is opened to show the results. */
export const scan: Command = {
  id: "quantscope.scan",
  async run(services, argument) {
    const uri = await checkpointFile(requireTarget(services, argument));
    if (!services.documents.find(uri)) await openInEditor(uri);
    const share = await services.documents.share(uri);
    try {
      (await share.document.whenReadable()).measurements.scan();
    } finally {
      share.dispose();
    }
  },
};

/** *Cancel Scan*: what was measured so far stays. */
export const cancelScan: Command = {
  id: "quantscope.cancelScan",
  async run(services, argument) {
    const content = services.documents.find(requireTarget(services, argument))?.content;
    if (content?.kind === "ready") content.measurements.cancelScan();
    return Promise.resolve();
  },
};
