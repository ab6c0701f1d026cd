import * as vscode from "vscode";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { readSamples, type TextSamples } from "../../jobs/textSamples";
import { folderOf } from "../document/openUri";
import type { Services } from "../services";
import type { TextChoice } from "./textChoice";

/** Samples of a chosen text, as the model of a checkpoint reads them. @param uri of the checkpoint @throws UsageError, FormatError, CancelledError */
export function samplesOfChoice(
  { context }: Pick<Services, "context">,
  uri: vscode.Uri,
  checkpoint: Checkpoint,
  { text, field, samples, length }: TextChoice,
  signal: AbortSignal,
): Promise<TextSamples> {
  const path = text ?? vscode.Uri.joinPath(context.extensionUri, "media", "sample", "calibration.txt").fsPath;
  return readSamples(checkpoint, folderOf(uri), { path, field }, { count: samples, length }, signal);
}
