import type * as vscode from "vscode";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
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
    if (passed) await services.estimatorPanels.show(await choiceOf(passed));
    else await services.estimatorPanels.show(typeof argument === "string" ? { source: "size", line: argument } : argument);
  },
};

/** What is chosen with a file or folder: a config.json alone is a model, too. */
async function choiceOf(uri: vscode.Uri): Promise<unknown> {
  if (uri.path.endsWith("/config.json")) return { source: "config", config: uri.toString() };
  return { source: "checkpoint", checkpoint: (await checkpointFile(uri)).toString() };
}
