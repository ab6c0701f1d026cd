import * as vscode from "vscode";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/**
 * *Collect Importance Matrix…* of the active checkpoint, or of a given one. Callers may pass `text`, `field`, `samples` and `length`, and
 * a `target`; then nothing is asked.
 */
export const collectImatrix: Command = {
  id: "quantscope.collectImatrix",
  async run(services, argument, chosen) {
    const uri = await checkpointFile(requireTarget(services, argument));
    const { collectImatrix, passedText } = (await import("../later")).later;
    const target: unknown = typeof chosen === "object" && chosen !== null && "target" in chosen ? chosen.target : undefined;
    await collectImatrix(services, uri, { text: passedText(chosen), ...(target instanceof vscode.Uri ? { target } : {}) });
  },
};
