import * as vscode from "vscode";
import type { LoaderWarning, LoaderWarningCode } from "../../core/export/loaderWarnings";

/** Each warning in the language of the editor, its values in the places of the text. */
const texts: Readonly<Record<LoaderWarningCode, (...values: string[]) => string>> = {
  bitsandbytesExperts: (...values) =>
    vscode.l10n.t(
      "transformers 5 (tried: 5.23) does not load these experts: it merges those of a layer into one tensor. transformers 4 (tried: 4.57) does. For transformers 5 choose w4a16 or w8a16 of compressed-tensors, or leave the experts as they are: {0} on the command line",
      ...values,
    ),
  int8Experts: () =>
    vscode.l10n.t(
      "transformers 5 (tried: 5.23) does not load a mixture of experts of this type. transformers 4 (tried: 4.57) does. For transformers 5 choose w8a16 or fp8_dynamic",
    ),
  keptExperts: () =>
    vscode.l10n.t(
      "transformers 5 (tried: 5.23) takes experts for quantized where other layers are, and does not load this. transformers 4 (tried: 4.57) does. For transformers 5 quantize the experts, too, or choose fp8_dynamic",
    ),
  packedZeros: () => vscode.l10n.t("transformers (tried: 4.57 and 5.23) does not load packed zero-points; vLLM does. w4a16 has none"),
  lostExperts: (...values) =>
    vscode.l10n.t(
      "transformers 5 (tried: 5.23) puts random numbers in the place of these experts and says so only in its log. GPTQModel.load reads them (tried: 7.7 with Qwen, DeepSeek and OLMoE). For transformers 5 choose w4a16 of compressed-tensors, or leave the experts as they are: {0} on the command line",
      ...values,
    ),
  lostNamedExperts: (...values) =>
    vscode.l10n.t(
      "transformers 5 (tried: 5.23) puts random numbers in the place of these experts and says so only in its log, and GPTQModel (tried: 7.7) looks for them under other names. For transformers 5 choose w4a16 of compressed-tensors, or leave the experts as they are: {0} on the command line",
      ...values,
    ),
  otherNames: (...values) =>
    vscode.l10n.t(
      "GPTQModel (tried: 7.7) looks for {0} under another name: it refuses this checkpoint or computes nonsense. transformers 5 (tried: 5.23) loads it",
      ...values,
    ),
  scaledActivations: () =>
    vscode.l10n.t(
      "transformers 5 (tried: 5.23) computes nonsense with AWQ checkpoints of this family: it expects scales of the activations, too. Choose gptq, or w4a16 of compressed-tensors",
    ),
  soundGptq: () =>
    vscode.l10n.t(
      "transformers 5 (tried: 5.23) loads GPTQ checkpoints only of models that read text. Choose bitsandbytes, AWQ or compressed-tensors",
    ),
  stackedExperts: (...values) =>
    vscode.l10n.t(
      "{0} tensors with all experts of a layer stay as they are: this format has no form for them. They are {1} % of the weights",
      ...values,
    ),
};

/** What a loader does not do with what is to be written. */
export function localizedLoaderWarning({ code, values }: LoaderWarning): string {
  return texts[code](...values);
}
