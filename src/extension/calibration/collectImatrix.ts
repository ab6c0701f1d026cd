import * as vscode from "vscode";
import { CancelledError, UsageError } from "../../core/errors";
import { openInEditor } from "../commands/openInEditor";
import { nameOf, openCheckpointAt } from "../document/openUri";
import { outputFolder } from "../outputFolder";
import { runShown } from "../quantize/writeJob";
import type { Services } from "../services";
import type { TextChoice } from "../text/textChoice";
import { askText } from "../text/textSteps";
import { samplesOfChoice } from "../text/textSamples";

/** What a caller chose already: what is absent is asked. */
export interface ImatrixPreset {
  text?: TextChoice;
  target?: vscode.Uri;
}

/**
 * *Collect Importance Matrix…*: runs a model on a text and writes how much each column of its weights matters, as llama-imatrix does.
 *
 * @throws CancelledError when the user calls it off; UsageError, FormatError
 */
export async function collectImatrix(services: Services, uri: vscode.Uri, preset: ImatrixPreset): Promise<void> {
  // Its own, and closed by nobody else: the editor's is closed as soon as the file changes.
  const checkpoint = await openCheckpointAt(uri);
  try {
    const title = vscode.l10n.t("Importance matrix");
    const choice = preset.text ?? (await askText(vscode.l10n.t("Importance matrix of {0}", checkpoint.name), uri, {}));
    const target = preset.target ?? (await askTarget(services, uri));
    if (target.scheme !== "file")
      throw new UsageError("not-on-a-disk", vscode.l10n.t("An importance matrix can be written only to a disk."));
    const { numbers } = services;
    const report = await runShown(services, {
      title,
      uri,
      target: nameOf(target),
      work: async (context) => {
        const { samples, dataset } = await samplesOfChoice(services, uri, checkpoint, choice, context.signal);
        const engine = await services.engine.get();
        return engine.imatrix({ checkpoint, samples, dataset, out: target.fsPath }, context);
      },
      describe: ({ entries, chunks }) => vscode.l10n.t("{0} weights, {1} chunks", numbers.integer(entries), numbers.integer(chunks)),
    });
    const message = vscode.l10n.t(
      "{0} is written: {1} weights, {2} chunks of text.",
      nameOf(target),
      numbers.integer(report.entries),
      numbers.integer(report.chunks),
    );
    offerOpen(message, target).then(undefined, services.reportFailure);
  } finally {
    await checkpoint.close();
  }
}

/** @throws CancelledError */
async function askTarget({ context }: Services, uri: vscode.Uri): Promise<vscode.Uri> {
  const name = nameOf(uri).replace(/\.[^.]+$/, "");
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Importance matrix"),
    defaultUri: vscode.Uri.joinPath(outputFolder(context, uri), `${name}.imatrix.gguf`),
    filters: { GGUF: ["gguf"], [vscode.l10n.t("llama.cpp's older kind")]: ["dat"] },
  });
  if (!target) throw new CancelledError();
  return target;
}

async function offerOpen(message: string, target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t("Open");
  if ((await vscode.window.showInformationMessage(message, open)) === open) await openInEditor(target);
}
