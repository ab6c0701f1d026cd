import * as vscode from "vscode";
import { openModel } from "../../core/convert/openModel";
import { CancelledError, UsageError } from "../../core/errors";
import type { SourceModel } from "../../core/convert/sourceModel";
import { findLoaderFormat } from "../../core/export/loaderFormats";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { checkUnchanged, pathsOf, stampFiles } from "../../jobs/inputFiles";
import { checkPrepared, type PreparedWrite, prepareWrite, type WriteRequest } from "../../jobs/prepareWrite";
import { folderOf, openCheckpointAt } from "../document/openUri";
import { webviewStrings } from "../editor/webviewStrings";
import { toDiagnostic } from "../errorText";
import type { Services } from "../services";
import { localizedReason } from "./localizedReason";
import { askPreflight } from "./preflightPanel";
import { preflightPicture } from "./preflightPicture";
import { type QuantizeChoices, type QuantizePreset, lostKept, requestOf, writesFolder } from "./quantizeChoices";
import { QuantizeWizard } from "./quantizeWizard";
import { runShown, writeShown } from "./writeJob";

/**
 * *Quantize…* from the questions to the written file. With a path in the preset nothing is asked and nothing shown before
 * writing, for callers that asked already.
 *
 * @throws CancelledError when the user calls it off; UsageError, FormatError
 */
export async function quantizeCheckpoint(services: Services, uri: vscode.Uri, preset: QuantizePreset): Promise<void> {
  // Its own, and closed by nobody else: the editor's is closed as soon as the file changes.
  const checkpoint = await openCheckpointAt(uri);
  try {
    const stamps = await stampFiles(
      pathsOf(checkpoint.tensors.map(({ source, file }) => source?.ref ?? checkpoint.files[file]?.file?.ref).flatMap((ref) => ref ?? [])),
    );
    const model = await modelOf(checkpoint, uri);
    const choices =
      preset.out === undefined
        ? await new QuantizeWizard({ uri, checkpoint, model }, services.numbers, preset).ask()
        : presetChoices(preset);
    if (!findLoaderFormat(choices.format ?? "gguf") && "reason" in model) throw model.error;
    const known = "reason" in model ? undefined : model;
    const prepared = await prepare(services, uri, checkpoint, known, requestOf(choices, known));
    if (preset.out !== undefined) checkPrepared(prepared, false);
    else if (!(await askPreflight(services, await picture(checkpoint, withNotes(prepared, lostKept(choices, known)), choices))))
      throw new CancelledError();
    await checkUnchanged(stamps);
    await writeShown(services, uri, checkpoint, prepared);
  } finally {
    await checkpoint.close();
  }
}

/** The checkpoint as GGUF, or the reason why it cannot become that: safetensors can be written all the same. */
async function modelOf(checkpoint: Checkpoint, uri: vscode.Uri): Promise<SourceModel | { reason: string; error: unknown }> {
  try {
    return await openModel(checkpoint, folderOf(uri));
  } catch (error) {
    return { reason: toDiagnostic(error).message, error };
  }
}

function presetChoices({ format = "gguf", type, out }: QuantizePreset): QuantizeChoices {
  if (!type) throw new UsageError("unknown-type", vscode.l10n.t("There is no such type to write."));
  return { format, type, out };
}

function prepare(
  services: Services,
  uri: vscode.Uri,
  checkpoint: Checkpoint,
  model: SourceModel | undefined,
  request: WriteRequest,
): Promise<PreparedWrite> {
  const plan = async (context: Parameters<typeof prepareWrite>[3]) =>
    prepareWrite(await services.engine.get(), { checkpoint, folder: folderOf(uri), model }, request, context);
  if (request.targetSize === undefined) return plan({ signal: new AbortController().signal, progress: () => undefined });
  return runShown(services, {
    title: vscode.l10n.t("Fit a size"),
    uri,
    target: checkpoint.name,
    work: plan,
    describe: (prepared) => services.numbers.bytes(prepared.plan.bytes),
  });
}

/** What the user asked for and does not get is said before writing. */
function withNotes(prepared: PreparedWrite, lost: number): PreparedWrite {
  if (lost === 0) return prepared;
  const note = vscode.l10n.t("Tensors to keep that have no place of their own in the file, and are not kept: {0}.", lost);
  return { ...prepared, notes: [...prepared.notes, note] };
}

function picture(checkpoint: Checkpoint, prepared: PreparedWrite, choices: QuantizeChoices) {
  const { type, out } = choices;
  return preflightPicture(checkpoint, prepared, {
    type: prepared.fileType?.name ?? (type && type.kind !== "size" ? type.name : ""),
    // A folder's files were not named in the dialog.
    agreed: writesFolder(choices) ? "" : (out ?? ""),
    requantized: vscode.l10n.t("These weights are quantized already: quantizing twice adds up the errors. Better start from the original."),
    reasonText: localizedReason,
    locale: vscode.env.language,
    strings: webviewStrings(),
  });
}
