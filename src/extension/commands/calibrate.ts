import * as vscode from "vscode";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/**
 * *Calibrate…*: what enters the linear layers of the active checkpoint, or of a given one, on a text, and ranges for it. Callers may pass
 * `text`, `field`, `samples` and `length`; then nothing is asked.
 */
export const calibrate: Command = {
  id: "quantscope.calibrate",
  async run(services, argument, chosen) {
    const uri = await checkpointFile(requireTarget(services, argument));
    const { askText, passedText, usualChoice } = (await import("../later")).later;
    const open = await services.calibrationPanels.find(uri);
    const before = open?.calibration?.choice ?? usualChoice;
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const text = passedText(chosen) ?? (await askText(vscode.l10n.t("Calibrate {0}", name), uri, before));
    const panel = await services.calibrationPanels.show(uri);
    await panel.calibrate(text);
  },
};
