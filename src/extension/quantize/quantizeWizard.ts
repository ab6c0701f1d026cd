import * as vscode from "vscode";
import { CancelledError, UsageError } from "../../core/errors";
import { parseBytes } from "../../core/estimate/units";
import { findLoaderFormat, loaderFormats } from "../../core/export/loaderFormats";
import type { WriteFormat } from "../../jobs/writeFormat";
import { notificationText } from "../errorText";
import { typeWords } from "../estimate/typeWords";
import type { NumberText } from "../numberText";
import { CalibratedMethods, type CalibratedSubject } from "./calibratedMethods";
import { askCalibrationText, askMethod } from "./methodSteps";
import {
  type ChosenType,
  outputName,
  overridesOf,
  type QuantizeChoices,
  type QuantizePreset,
  type QuantizeStep,
  type Scope,
  stepsOf,
  writesFolder,
} from "./quantizeChoices";
import { localizedReason } from "./localizedReason";
import { disabled, inputStep, pickStep, type StepFrame, type StepItem } from "./stepInput";
import { type TypeOption, typeOptions } from "./typeOptions";

/** What the questions are about. */
export interface WizardSubject extends CalibratedSubject {
  readonly uri: vscode.Uri;
  /** The folder that is proposed for outputs. */
  readonly outputs: vscode.Uri;
}

interface Choice<T> extends StepItem {
  readonly value: T;
}

/** *Quantize…*: asks step by step what to write and where. Nothing is read or written that takes long. */
export class QuantizeWizard {
  private choices: QuantizeChoices = {};
  private readonly methods: CalibratedMethods;

  constructor(
    private readonly subject: WizardSubject,
    private readonly numbers: NumberText,
    private readonly preset: QuantizePreset,
  ) {
    this.choices = { format: preset.format, type: preset.type, method: preset.method, text: preset.text };
    this.methods = new CalibratedMethods(subject);
  }

  /** @throws CancelledError */
  async ask(): Promise<QuantizeChoices> {
    for (let at = 0; ;) {
      const steps = stepsOf(this.choices);
      const step = steps[at];
      if (step === undefined) return this.choices;
      const title = vscode.l10n.t("Quantize {0}", this.subject.checkpoint.name);
      const answer = await this.askStep(step, { title, step: at + 1, totalSteps: steps.length });
      if (answer) this.choices = { ...this.choices, ...answer };
      at += answer ? 1 : -1;
      if (at < 0) throw new CancelledError();
    }
  }

  private askStep(step: QuantizeStep, frame: StepFrame): Promise<Partial<QuantizeChoices> | undefined> {
    switch (step) {
      case "format":
        return this.askFormat(frame);
      case "type":
        return this.askType(frame);
      case "size":
        return this.askSize(frame);
      case "method":
        return askMethod(frame, this.choices, this.subject.uri, this.methods);
      case "text":
        return askCalibrationText(frame, this.choices, this.subject.uri, this.numbers);
      case "scope":
        return this.askScope(frame);
      case "overrides":
        return this.askOverrides(frame);
      case "layout":
        return this.askLayout(frame);
      case "destination":
        return this.askDestination();
    }
  }

  private async askFormat(frame: StepFrame) {
    const { model } = this.subject;
    const reason = "reason" in model ? model.reason : undefined;
    const gguf = (value: WriteFormat, label: string, description: string): Choice<WriteFormat> =>
      reason === undefined ? { value, label, description } : { value, label: disabled(label), description: reason, isDisabled: true };
    const items: Choice<WriteFormat>[] = [
      gguf("gguf", vscode.l10n.t("GGUF for llama.cpp"), vscode.l10n.t("one file with everything")),
      gguf("ollama", vscode.l10n.t("GGUF for Ollama"), vscode.l10n.t("with a Modelfile")),
      ...loaderFormats.map(({ id, label, loaders }) => ({ value: id, label, description: vscode.l10n.t("for {0}", loaders) })),
    ];
    const active = items.find(({ value }) => value === this.choices.format);
    const chosen = await pickStep(frame, { items, placeholder: vscode.l10n.t("Format of the file"), active });
    return chosen && { format: chosen.value };
  }

  private async askType(frame: StepFrame) {
    const { checkpoint, model } = this.subject;
    const format = this.choices.format ?? "gguf";
    const options = typeOptions(format, checkpoint, "reason" in model ? undefined : model, localizedReason);
    const items = options.map((option) => this.typeItem(option, format));
    const found = this.presetItem(format, options);
    const fit: Choice<ChosenType> = {
      value: { kind: "size" },
      label: `$(symbol-ruler) ${vscode.l10n.t("Fit a size…")}`,
      description: vscode.l10n.t("the types with the least error of which the file is no larger"),
    };
    const all = [...(found ? [found] : []), ...(findLoaderFormat(format) ? [] : [fit]), ...items];
    const { type } = this.choices;
    const active = all.find(
      ({ value }) => value === type || (value.kind === "named" && type?.kind === "named" && value.name === type.name),
    );
    const placeholder = vscode.l10n.t("Type of the weights, with the exact size of the file");
    const chosen = await pickStep(frame, { items: all, placeholder, active });
    return chosen && { type: chosen.value };
  }

  private typeItem({ name: type, bytes, bitsPerWeight, needsImportance, reason }: TypeOption, format: WriteFormat): Choice<ChosenType> {
    const value: ChosenType = { kind: "named", name: type };
    const { name, explanation } = wordsIn(format, type);
    if (reason !== undefined) return { value, label: disabled(name), description: reason, isDisabled: true };
    const bits = vscode.l10n.t("{0} bits/weight", this.numbers.hundredths(bitsPerWeight ?? 0));
    const needs = needsImportance ? vscode.l10n.t("needs an importance matrix") : "";
    const description = [this.numbers.bytes(bytes ?? 0), bits, explanation, needs].filter(Boolean).join(" · ");
    return { value, label: name, description };
  }

  /** What the caller chose, first in the list. */
  private presetItem(format: WriteFormat, options: readonly TypeOption[]): Choice<ChosenType> | undefined {
    const { type } = this.preset;
    const option = type && options.find(({ name }) => name === type.name);
    if (!type || !option || option.reason !== undefined) return undefined;
    const kept = this.numbers.integer(type.keep.length);
    const parts = [
      ...(type.pure ? [vscode.l10n.t("for all weight matrices")] : []),
      ...(type.keep.length === 0
        ? []
        : [findLoaderFormat(format) ? vscode.l10n.t("{0} tensors not quantized", kept) : vscode.l10n.t("{0} tensors in Q8_0", kept)]),
    ];
    return { value: type, label: `$(pass) ${wordsIn(format, type.name).name}`, description: parts.join(" · ") };
  }

  private async askSize(frame: StepFrame) {
    const { targetSize } = this.choices;
    const text = await inputStep(frame, {
      value: targetSize === undefined ? "" : `${targetSize / 1e6} MB`,
      prompt: vscode.l10n.t("Size that the whole file may take"),
      placeholder: "3.9 GB",
      check: (typed) => (parseBytes(typed) === undefined ? vscode.l10n.t("A number with a unit, such as 3.9 GB or 800 MiB.") : undefined),
    });
    return text === undefined ? undefined : { targetSize: parseBytes(text) };
  }

  private async askScope(frame: StepFrame) {
    const items: Choice<Scope>[] = [
      {
        value: "recipe",
        label: vscode.l10n.t("As llama.cpp does"),
        description: vscode.l10n.t("more bits where they matter, by its rules"),
      },
      { value: "pure", label: vscode.l10n.t("All weight matrices alike"), description: vscode.l10n.t("one type and no rules") },
      {
        value: "keepEnds",
        label: vscode.l10n.t("Keep embeddings and output"),
        description: vscode.l10n.t("in the type they have; the rest as llama.cpp does"),
      },
      { value: "overrides", label: vscode.l10n.t("Types by pattern…"), description: "ffn_down=Q6_K, attn_v=Q8_0" },
    ];
    const active = items.find(({ value }) => value === this.choices.scope);
    const chosen = await pickStep(frame, { items, placeholder: vscode.l10n.t("Which tensors to quantize"), active });
    return chosen && { scope: chosen.value };
  }

  private async askOverrides(frame: StepFrame) {
    const text = await inputStep(frame, {
      value: this.choices.overrides ?? "",
      prompt: vscode.l10n.t("PATTERN=TYPE, separated by commas; patterns are searched for in GGUF names such as blk.0.ffn_down.weight"),
      placeholder: "ffn_down=Q6_K, attn_v=Q8_0",
      check: (typed) => {
        try {
          overridesOf(typed);
          return undefined;
        } catch (error) {
          return notificationText(error);
        }
      },
    });
    return text === undefined ? undefined : { overrides: text };
  }

  private async askLayout(frame: StepFrame) {
    const items: Choice<"folder" | "file">[] = [
      {
        value: "folder",
        label: vscode.l10n.t("A folder"),
        description: vscode.l10n.t("with configuration and tokenizer, as loaders want it"),
      },
      { value: "file", label: vscode.l10n.t("One file"), description: vscode.l10n.t("the weights alone") },
    ];
    const active = items.find(({ value }) => value === this.choices.layout);
    const chosen = await pickStep(frame, { items, placeholder: vscode.l10n.t("What to write"), active });
    return chosen && { layout: chosen.value };
  }

  /** Dismissing the dialog goes back. */
  private async askDestination() {
    const { choices, subject } = this;
    const isFolder = writesFolder(choices);
    const ending = choices.format === "safetensors" ? "safetensors" : "gguf";
    const target = await vscode.window.showSaveDialog({
      title: isFolder ? vscode.l10n.t("Folder to write") : vscode.l10n.t("File to write"),
      defaultUri: vscode.Uri.joinPath(subject.outputs, outputName(subject.checkpoint.name, choices)),
      ...(isFolder ? {} : { filters: { [ending]: [ending] } }),
    });
    if (!target) return undefined;
    if (target.scheme !== "file") throw new UsageError("not-on-a-disk", vscode.l10n.t("Choose a place on a disk."));
    const isNamed = isFolder || target.path.toLowerCase().endsWith(`.${ending}`);
    return { out: isNamed ? target.fsPath : `${target.fsPath}.${ending}` };
  }
}

/** Types of GGUF files are called by their names; those that loaders read are schemes, or presets of theirs. */
function wordsIn(format: WriteFormat, type: string): ReturnType<typeof typeWords> {
  return findLoaderFormat(format) ? typeWords(type) : { name: type, explanation: "" };
}
