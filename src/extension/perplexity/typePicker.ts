import * as vscode from "vscode";
import { openModel } from "../../core/convert/openModel";
import type { SourceModel } from "../../core/convert/sourceModel";
import { CancelledError } from "../../core/errors";
import { listSchemes, requiresImportance } from "../../core/quant/registry";
import { fileTypes } from "../../core/recipe/fileTypes";
import { planGguf } from "../../core/recipe/preflight";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { folderOf, openCheckpointAt } from "../document/openUri";
import { notificationText } from "../errorText";
import { typeWords } from "../estimate/typeWords";
import type { Services } from "../services";
import { findCheckpoints } from "../views/checkpointFinder";
import type { PerplexityChoice } from "../../protocol/perplexity";
import { isFileType, usualTypes } from "./measuredTypes";
import { areAlike, modelShape } from "./modelShape";

interface ModelItem extends vscode.QuickPickItem {
  readonly type?: string;
  readonly file?: string;
}

/** Checkpoints of the workspace that are looked at: each is opened for its header. */
const mostOthers = 24;

/**
 * Asks which types to compare, and which other checkpoints of the same model.
 *
 * @param before what is picked already; the usual types where nothing is
 * @throws CancelledError
 */
export async function askModels(
  { numbers }: Pick<Services, "numbers">,
  uri: vscode.Uri,
  checkpoint: Checkpoint,
  before: Pick<PerplexityChoice, "types" | "files">,
): Promise<Pick<PerplexityChoice, "types" | "files">> {
  const chosen = new Set(before.types.length + before.files.length > 0 ? [...before.types, ...before.files] : usualTypes);
  const model = await openModel(checkpoint, folderOf(uri)).catch((error: unknown) => notificationText(error));
  const sizeOf = sizesOf(model, (bits) => vscode.l10n.t("{0} bits/weight", numbers.hundredths(bits)));
  const types = fileTypes
    .filter(({ name, needsImportance }) => name !== "F32" && !needsImportance)
    .map(({ name }): ModelItem => ({ label: name, description: sizeOf(name), picked: chosen.has(name), type: name }));
  // What needs an importance matrix cannot be measured without one.
  const schemes = listSchemes().filter((scheme) => !isFileType(scheme.id) && !requiresImportance(scheme));
  const extra = before.types.filter((type) => !isFileType(type) && !schemes.some(({ id }) => id === type));
  const inMemory: ModelItem[] = [
    separator(vscode.l10n.t("File types of llama.cpp: every tensor as in the file")),
    ...types,
    separator(vscode.l10n.t("Schemes: linear layers only")),
    ...[...schemes.map(({ id }) => id), ...extra].map((type) => schemeItem(type, chosen)),
  ];
  const others = await otherCheckpoints(uri, checkpoint, chosen);
  // An ONNX model is measured as it is.
  const items = checkpoint.format === "onnx" ? others : [...inMemory, ...others];
  if (items.length === 0) return { types: [], files: [] };
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    placeHolder: vscode.l10n.t("What to compare with the original"),
    title: vscode.l10n.t("Perplexity of {0}", checkpoint.name),
    ignoreFocusOut: true,
  });
  if (!picked) throw new CancelledError();
  return { types: picked.flatMap(({ type }) => type ?? []), files: picked.flatMap(({ file }) => file ?? []) };
}

function schemeItem(type: string, chosen: ReadonlySet<string>): ModelItem {
  const { name, explanation } = typeWords(type);
  return { label: name, description: explanation, picked: chosen.has(type), type };
}

/** Bits per weight of file types, or why they cannot be measured. */
function sizesOf(model: SourceModel | string, text: (bits: number) => string): (type: string) => string {
  if (typeof model === "string") return () => model;
  return (name) => {
    const fileType = fileTypes.find((type) => type.name === name)!;
    try {
      return text(planGguf(model, "", { fileType }).bitsPerWeight);
    } catch (error) {
      return notificationText(error);
    }
  };
}

/** Checkpoints of the workspace that are of the same model, as far as can be seen. */
async function otherCheckpoints(uri: vscode.Uri, checkpoint: Checkpoint, chosen: ReadonlySet<string>): Promise<ModelItem[]> {
  const own = await modelShape(checkpoint);
  const found = (await findCheckpoints()).filter((other) => other.uri.toString() !== uri.toString()).slice(0, mostOthers);
  const items = await Promise.all(
    found.map(async (other): Promise<ModelItem[]> => {
      const opened = await openCheckpointAt(other.uri).catch(() => undefined);
      if (!opened) return [];
      const shape = await modelShape(opened).finally(() => opened.close());
      if (!own || !shape || !areAlike(own, shape)) return [];
      const file = other.uri.toString();
      return [{ label: other.label, description: vscode.workspace.asRelativePath(other.uri), picked: chosen.has(file), file }];
    }),
  );
  const others = items.flat();
  return others.length > 0 ? [separator(vscode.l10n.t("Other checkpoints of this model")), ...others] : [];
}

function separator(label: string): ModelItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
