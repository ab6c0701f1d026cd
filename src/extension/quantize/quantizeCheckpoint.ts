import { basename } from "node:path";
import * as vscode from "vscode";
import { openModel } from "../../core/convert/openModel";
import { CancelledError, UsageError } from "../../core/errors";
import type { SourceModel } from "../../core/convert/sourceModel";
import { findLoaderFormat } from "../../core/export/loaderFormats";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { usualLayerSamples } from "../../jobs/calibrated/calibration";
import { LayerStore } from "../../jobs/calibrated/layerStore";
import { checkUnchanged, pathsOf, stampFiles } from "../../jobs/inputFiles";
import { checkPrepared, type PreparedWrite, prepareWrite, type WriteRequest } from "../../jobs/prepareWrite";
import type { PreflightPicture } from "../../protocol/preflight";
import { folderOf, openCheckpointAt } from "../document/openUri";
import { webviewStrings } from "../editor/webviewStrings";
import { notificationText, toDiagnostic } from "../errorText";
import { outputFolder } from "../outputFolder";
import type { Services } from "../services";
import { samplesOfChoice } from "../text/textSamples";
import { localizedLoaderWarning } from "./localizedLoaderWarning";
import { localizedReason, localizedRefusal } from "./localizedReason";
import { methodNames } from "./methodSteps";
import { askPreflight } from "./preflightPanel";
import { preflightPicture } from "./preflightPicture";
import { calibratedMethods, type QuantizeChoices, type QuantizePreset, lostKept, requestOf, writesFolder } from "./quantizeChoices";
import { QuantizeWizard, type WizardSubject } from "./quantizeWizard";
import { runShown, writeShown } from "./writeJob";

/**
 * *Quantize…* from the questions to the written file. With a path in the preset nothing is asked and nothing shown before
 * writing, for callers that asked already.
 *
 * @throws CancelledError when the user calls it off; UsageError, FormatError
 */
export async function quantizeCheckpoint(services: Services, uri: vscode.Uri, preset: QuantizePreset): Promise<void> {
  await quantizeWith(services, uri, preset, preset.out === undefined ? undefined : presetChoices(preset));
}

/** @param agreed all choices, where nothing is to be asked any more */
async function quantizeWith(services: Services, uri: vscode.Uri, preset: QuantizePreset, agreed?: QuantizeChoices): Promise<void> {
  // Its own, and closed by nobody else: the editor's is closed as soon as the file changes.
  const checkpoint = await openCheckpointAt(uri);
  try {
    const stamps = await stampFiles(
      pathsOf(checkpoint.tensors.map(({ source, file }) => source?.ref ?? checkpoint.files[file]?.file?.ref).flatMap((ref) => ref ?? [])),
    );
    const model = await modelOf(checkpoint, uri);
    const known = "reason" in model ? undefined : model;
    const plan = (request: WriteRequest) => prepare(services, uri, checkpoint, known, request);
    const choices = agreed ?? (await ask(services, { uri, checkpoint, model, plan }, preset));
    if (!findLoaderFormat(choices.format ?? "gguf") && "reason" in model) throw model.error;
    const { request, facts } = await withCalibration(services, uri, checkpoint, choices, requestOf(choices, known));
    const prepared = await plan(request);
    if (agreed) checkPrepared(prepared, preset.out === undefined);
    else {
      const shown = withNotes(prepared, lostKept(choices, known));
      if (!(await askPreflight(services, uri, await picture(services, checkpoint, shown, choices, facts)))) throw new CancelledError();
    }
    await checkUnchanged(stamps);
    try {
      await writeShown(services, uri, checkpoint, prepared);
    } catch (error) {
      if (prepared.calibrated) offerToGoOn(services, uri, preset, choices).then(undefined, services.reportFailure);
      throw error;
    }
  } finally {
    await checkpoint.close();
  }
}

function ask(
  services: Services,
  subject: Pick<WizardSubject, "uri" | "checkpoint" | "model" | "plan">,
  preset: QuantizePreset,
): Promise<QuantizeChoices> {
  const { uri } = subject;
  const directory = vscode.Uri.joinPath(uri, "..").fsPath;
  const outputs = outputFolder(services.context, uri);
  const whole = { ...subject, outputs, folder: folderOf(uri), directory, refusalText: localizedRefusal };
  return new QuantizeWizard(whole, services.numbers, preset).ask();
}

/** The request with the samples that the method runs the model on, and what there is to say of them. */
async function withCalibration(
  services: Services,
  uri: vscode.Uri,
  checkpoint: Checkpoint,
  { text = { samples: usualLayerSamples } }: QuantizeChoices,
  request: WriteRequest,
): Promise<{ request: WriteRequest; facts: string[] }> {
  const method = calibratedMethods.find((name) => name === request.method);
  if (method === undefined) return { request, facts: [] };
  const { samples, dataset } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      cancellable: true,
      title: vscode.l10n.t("Reading the text for {0}", checkpoint.name),
    },
    (_, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return samplesOfChoice(services, uri, checkpoint, text, controller.signal);
    },
  );
  const [count, tokens] = [samples.length, samples[0]?.length ?? 0].map((number) => services.numbers.integer(number));
  const facts = [
    vscode.l10n.t("{0}, layer by layer, on {1} samples of {2} tokens from {3}.", methodNames[method], count!, tokens!, dataset),
    vscode.l10n.t("Finished layers are kept beside the output until it is whole: a run that is stopped goes on from there."),
  ];
  return { request: { ...request, calibration: { method, samples } }, facts };
}

/** Says after a run was stopped that it can be taken up. */
async function offerToGoOn(services: Services, uri: vscode.Uri, preset: QuantizePreset, choices: QuantizeChoices): Promise<void> {
  const { out } = choices;
  if (out === undefined || !(await LayerStore.isBegun(out))) return;
  const goOn = vscode.l10n.t("Go On");
  const discard = vscode.l10n.t("Discard");
  const message = vscode.l10n.t(
    "{0} is not written. The layers that are finished are kept, and the same choices go on from there.",
    basename(out),
  );
  const chosen = await vscode.window.showInformationMessage(message, goOn, discard);
  try {
    if (chosen === goOn) await quantizeWith(services, uri, preset, choices);
    else if (chosen === discard) await LayerStore.discard(out);
  } catch (error) {
    if (error instanceof CancelledError) return;
    void vscode.window.showErrorMessage(notificationText(error));
    throw error;
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

function presetChoices({ format = "gguf", type, method, text, out }: QuantizePreset): QuantizeChoices {
  if (!type) throw new UsageError("unknown-type", vscode.l10n.t("There is no such type to write."));
  return { format, type, method, text, out };
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

async function picture(
  services: Services,
  checkpoint: Checkpoint,
  prepared: PreparedWrite,
  choices: QuantizeChoices,
  facts: readonly string[],
): Promise<PreflightPicture> {
  const { type, out } = choices;
  const memory = await memoryOf(services, prepared);
  return preflightPicture(checkpoint, prepared, {
    type: prepared.fileType?.name ?? (type && type.kind !== "size" ? type.name : ""),
    // A folder's files were not named in the dialog.
    agreed: writesFolder(choices) ? "" : (out ?? ""),
    requantized: vscode.l10n.t("These weights are quantized already: quantizing twice adds up the errors. Better start from the original."),
    facts: [...facts, ...(memory.fact === undefined ? [] : [memory.fact])],
    refusal: memory.refusal,
    reasonText: localizedReason,
    warningText: localizedLoaderWarning,
    locale: vscode.env.language,
    strings: webviewStrings(),
  });
}

/** What a method with calibration takes at most, or why there is not so much. */
async function memoryOf({ engine, numbers }: Services, { calibrated }: PreparedWrite): Promise<{ fact?: string; refusal?: string }> {
  if (!calibrated) return {};
  try {
    const bytes = await (await engine.get()).memoryForWrite(calibrated);
    return { fact: vscode.l10n.t("Takes at most {0} of memory.", numbers.bytes(bytes)) };
  } catch (error) {
    if (error instanceof UsageError) return { refusal: notificationText(error) };
    throw error;
  }
}
