import { basename } from "node:path";
import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import { findFileType } from "../../core/recipe/fileTypes";
import { findLoaderFormat } from "../../core/export/loaderFormats";
import { usualLayerSamples } from "../../jobs/calibrated/calibration";
import { notificationText } from "../errorText";
import type { NumberText } from "../numberText";
import { askText } from "../text/textSteps";
import type { CalibratedMethods } from "./calibratedMethods";
import { askImportance } from "./importanceFile";
import { type CalibratedMethod, calibratedMethods, type QuantizeChoices } from "./quantizeChoices";
import { disabled, pickStep, type StepFrame, type StepItem } from "./stepInput";

type Method = "plain" | "same" | "choose" | CalibratedMethod;

interface MethodItem extends StepItem {
  readonly value: Method;
}

/** Asks how codes are chosen: by the values alone, with an importance matrix, or by what the layers' inputs on a text are. */
export async function askMethod(
  frame: StepFrame,
  choices: QuantizeChoices,
  beside: vscode.Uri,
  methods: CalibratedMethods,
): Promise<Partial<QuantizeChoices> | undefined> {
  const { matrix, method } = choices;
  const needed = needsImportance(choices);
  const items: MethodItem[] = [
    item("plain", vscode.l10n.t("Plain"), vscode.l10n.t("by the values alone"), needed),
    ...(findLoaderFormat(choices.format ?? "gguf") ? [] : matrixItems(choices)),
    ...(await Promise.all(
      calibratedMethods.map(async (value) => {
        return item(value, methodNames[value], methodText(value), needed ?? (await methods.whyNot(value, choices)));
      }),
    )),
  ];
  const usual = matrix ? "same" : needed === undefined ? "plain" : "choose";
  const wanted = items.find(({ value, isDisabled }) => value === method && isDisabled !== true);
  const active = wanted ?? items.find(({ value }) => value === usual);
  const chosen = await pickStep(frame, { items, placeholder: vscode.l10n.t("How to choose the codes"), active });
  if (!chosen) return undefined;
  switch (chosen.value) {
    case "plain":
      return { matrix: undefined, method: undefined };
    case "same":
      return { matrix, method: undefined };
    case "choose":
      return (await importanceChosen(beside)) ?? askMethod(frame, choices, beside, methods);
    default:
      return { matrix: undefined, method: chosen.value };
  }
}

function item(value: Method, label: string, description: string, reason?: string): MethodItem {
  return reason === undefined ? { value, label, description } : { value, label: disabled(label), description: reason, isDisabled: true };
}

function matrixItems({ matrix }: QuantizeChoices): MethodItem[] {
  return [
    ...(matrix ? [{ value: "same" as const, label: vscode.l10n.t("With {0}", matrix.name) }] : []),
    item(
      "choose",
      vscode.l10n.t("With importance matrix…"),
      vscode.l10n.t("a file of llama-imatrix: errors count by how much a column matters"),
    ),
  ];
}

/** What a method is called. */
export const methodNames: Readonly<Record<CalibratedMethod, string>> = { gptq: "GPTQ", awq: "AWQ", smoothquant: "SmoothQuant" };

function methodText(method: CalibratedMethod): string {
  switch (method) {
    case "gptq":
      return vscode.l10n.t("runs the model on a text; later columns make up for the errors of earlier ones");
    case "awq":
      return vscode.l10n.t("runs the model on a text; columns with large inputs are scaled up first");
    case "smoothquant":
      return vscode.l10n.t("runs the model on a text; outliers of the inputs are moved to the weights");
  }
}

function needsImportance({ type }: QuantizeChoices): string | undefined {
  const isNeeded = type !== undefined && type.kind !== "size" && findFileType(type.name)?.needsImportance === true;
  return isNeeded ? vscode.l10n.t("needs an importance matrix") : undefined;
}

async function importanceChosen(beside: vscode.Uri): Promise<Partial<QuantizeChoices> | undefined> {
  try {
    const matrix = await askImportance(beside);
    return matrix && { matrix, method: undefined };
  } catch (error) {
    // Another file may do: what was chosen so far is kept.
    void vscode.window.showErrorMessage(notificationText(error));
    return undefined;
  }
}

interface TextItem extends StepItem {
  readonly source: "same" | "sample" | "other";
}

/** Asks for the text that the model is run on. Dismissing the questions about another text goes back to this one. */
export async function askCalibrationText(
  frame: StepFrame,
  { text: before }: QuantizeChoices,
  beside: vscode.Uri,
  numbers: NumberText,
): Promise<Partial<QuantizeChoices> | undefined> {
  const samplesOf = (samples: number | undefined): string =>
    samples === undefined ? vscode.l10n.t("all samples that the text has") : vscode.l10n.t("at most {0} samples", numbers.integer(samples));
  const sample: TextItem = {
    source: "sample",
    label: `$(book) ${vscode.l10n.t("Sample text")}`,
    description: `${vscode.l10n.t("ships with Quantscope")} · ${samplesOf(usualLayerSamples)}`,
  };
  const same: TextItem | undefined = before && {
    source: "same",
    label: `$(history) ${before.text === undefined ? vscode.l10n.t("Sample text") : basename(before.text)}`,
    description: samplesOf(before.samples),
  };
  const other: TextItem = {
    source: "other",
    label: `$(file) ${vscode.l10n.t("Another text or number of samples…")}`,
    description: vscode.l10n.t("a file or a folder: best is text like that which the model is for"),
  };
  const items = [...(same ? [same] : []), sample, other];
  const chosen = await pickStep(frame, { items, placeholder: vscode.l10n.t("Text to run the model on"), active: items[0] });
  if (!chosen) return undefined;
  if (chosen.source === "same") return { text: before };
  if (chosen.source === "sample") return { text: { samples: usualLayerSamples } };
  try {
    return { text: await askText(frame.title, beside, before ?? { samples: usualLayerSamples }) };
  } catch (error) {
    if (error instanceof CancelledError) return askCalibrationText(frame, { text: before }, beside, numbers);
    throw error;
  }
}
