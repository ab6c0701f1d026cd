import * as vscode from "vscode";
import { UsageError } from "../../core/errors";
import type { RevealRequest } from "../../protocol/editor";
import { checkpointTabs } from "../editor/checkpointTabs";
import { lastCheckpoint } from "../editor/lastCheckpoint";
import type { OpenEditor } from "../editor/openEditors";
import type { Services } from "../services";
import type { Command } from "./command";
import { openInEditor } from "./openInEditor";
import { sampleUri } from "../sample";

/** What the buttons of the steps show, in the checkpoint that is open. */
const views = new Map<unknown, RevealRequest>([
  ["histogram", { tab: "histogram" }],
  ["quantize", { tab: "histogram", scheme: "int4" }],
  ["range", { tab: "histogram", scheme: "int4-mse" }],
  ["types", { tab: "types" }],
]);

/** The button of a step of the walkthrough, which passes the name of the step: does it, in the sample if no checkpoint is open. */
export const walkthroughStep: Command = {
  id: "quantscope.walkthroughStep",
  async run(services, step) {
    const view = views.get(step);
    if (!view && step !== "write") return;
    const editor = await lastEditor(services);
    if (view) editor.reveal(view);
    else await vscode.commands.executeCommand("quantscope.quantize", editor.uri);
  },
};

/** The checkpoint the user was last at, or has in a tab not drawn yet; the walkthrough itself has the focus. */
async function lastEditor(services: Services): Promise<OpenEditor> {
  const { editors, context } = services;
  if (editors.lastReadable) return editors.lastReadable;
  const uri = (await lastCheckpoint(services, checkpointTabs())) ?? sampleUri(context);
  await openInEditor(uri);
  const [opened] = editors.of(uri);
  if (!opened) throw new UsageError("no-checkpoint", vscode.l10n.t("No checkpoint is open."));
  return opened;
}
