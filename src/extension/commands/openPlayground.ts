import * as vscode from "vscode";
import { UsageError } from "../../core/errors";
import { checkpointTabs } from "../editor/checkpointTabs";
import { lastCheckpoint } from "../editor/lastCheckpoint";
import { sampleUri } from "../sample";
import type { Services } from "../services";
import type { Command } from "./command";
import { checkpointFile } from "./openInEditor";
import { passedUri } from "./target";

/**
 * *Open Playground*: on the given file or folder, on the open checkpoint that the user was at last, or on the sample; with the tensor
 * that is selected in its editor. A link passes what is to be shown (see `playgroundState`), with the URI of a checkpoint where it is not
 * the sample's.
 */
export const openPlayground: Command = {
  id: "quantscope.openPlayground",
  async run(services, argument) {
    const passed = passedUri(argument);
    const isLink = !passed && typeof argument === "object" && argument !== null;
    const uri = isLink
      ? linkedCheckpoint(services, argument)
      : (passed ?? (await lastCheckpoint(services, checkpointTabs())) ?? sampleUri(services.context));
    const panel = await services.playgroundPanels.show(await checkpointFile(uri));
    if (isLink) panel.open(argument);
  },
};

function linkedCheckpoint({ context }: Services, link: object): vscode.Uri {
  const checkpoint: unknown = "checkpoint" in link ? link.checkpoint : undefined;
  if (checkpoint === undefined) return sampleUri(context);
  try {
    if (typeof checkpoint === "string") return vscode.Uri.parse(checkpoint, true);
  } catch {
    // Said below.
  }
  throw new UsageError("bad-state", vscode.l10n.t("The link to the playground names no checkpoint."));
}
