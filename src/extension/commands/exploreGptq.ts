import * as vscode from "vscode";
import { selectedTensor } from "../editor/lastCheckpoint";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { requireTarget } from "./target";

/**
 * *Explore GPTQ…*: what GPTQ does to one linear layer of the active checkpoint, or of a given one, by its settings. Callers may pass
 * `text`, `field`, `samples` and `length`, then nothing is asked, and `tensor`, the weight of the layer.
 */
export const exploreGptq: Command = {
  id: "quantscope.exploreGptq",
  async run(services, argument, chosen) {
    const uri = await checkpointFile(requireTarget(services, argument));
    const { askText, passedGptqChoice, usualGptqChoice } = (await import("../later")).later;
    const open = await services.gptqPanels.find(uri);
    const { settings: _, ...last } = open?.explorer?.choice ?? usualGptqChoice;
    // What is selected in the editor, where that is a linear layer.
    const before = { ...last, tensor: selectedTensor(services, uri) ?? last.tensor };
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const choice = passedGptqChoice(chosen) ?? (await askText(vscode.l10n.t("Explore GPTQ on {0}", name), uri, before));
    const panel = await services.gptqPanels.show(uri);
    await panel.explore(choice);
  },
};
