import * as vscode from "vscode";
import type { FormatError, UsageError } from "../../core/errors";
import { type Reason, reasonCode, type ReasonCode, reasonValues } from "../../core/recipe/reasons";
import { typeWords } from "../estimate/typeWords";

/** Each reason in the language of the editor, its values in the places of the text. */
const texts: Readonly<Record<ReasonCode, (...values: string[]) => string>> = {
  outputMatrix: () => vscode.l10n.t("output matrix"),
  oddOutputMatrix: () => vscode.l10n.t("output matrix whose rows do not divide into blocks"),
  tokenEmbedding: () => vscode.l10n.t("token embedding"),
  onlyExperts: () => vscode.l10n.t("only stacked experts are stored as MXFP4"),
  value: () => vscode.l10n.t("value matrix"),
  valueShared: () => vscode.l10n.t("value matrix shared by 4 or more query heads"),
  valueOfExperts: () => vscode.l10n.t("value matrix of a mixture of experts"),
  valueOf8Experts: () => vscode.l10n.t("value matrix beside 8 experts"),
  valueOf80Layers: () => vscode.l10n.t("value matrix of an 80-layer model"),
  valueFirstLayers: (...values) => vscode.l10n.t("value matrix of the first {0} layers", ...values),
  valueMoreBits: () => vscode.l10n.t("value matrix, first and last eighth of the layers and every third between"),
  key: () => vscode.l10n.t("key matrix"),
  keyOf8Experts: () => vscode.l10n.t("key matrix beside 8 experts"),
  query: () => vscode.l10n.t("query matrix"),
  attentionOutput: () => vscode.l10n.t("attention output"),
  attentionOutputOf8Experts: () => vscode.l10n.t("attention output beside 8 experts"),
  firstEighth: () => vscode.l10n.t("first eighth of the layers"),
  down: () => vscode.l10n.t("MLP down projection"),
  downFirstEighth: () => vscode.l10n.t("MLP down projection, first eighth of the layers"),
  downFirstSixteenth: () => vscode.l10n.t("MLP down projection, first sixteenth of the layers"),
  downMoreBits: () => vscode.l10n.t("MLP down projection, first and last eighth of the layers and every third between"),
  middleLayers: () => vscode.l10n.t("MLP of the middle three quarters of the layers"),
  baseType: () => vscode.l10n.t("base type of the file type"),
  targetSize: () => vscode.l10n.t("chosen for the target size"),
  override: (...values) => vscode.l10n.t("override {0}", ...values),
  pure: () => vscode.l10n.t("pure: one type for all weight matrices"),
  notAMatrix: () => vscode.l10n.t("not a weight matrix: kept"),
  indivisible: (...values) => vscode.l10n.t("{0} columns do not divide into {1} blocks", ...values),
  indivisibleInputs: (...values) => vscode.l10n.t("kept: {0} inputs are not a multiple of {1}", ...values),
  indivisibleOutputs: (...values) => vscode.l10n.t("kept: {0} outputs are not a multiple of {1}", ...values),
  kept: () => vscode.l10n.t("kept"),
  decoded: () => vscode.l10n.t("decoded"),
  linearLayer: (...values) => vscode.l10n.t("linear layer: {0}", ...values.map((type) => typeWords(type).name)),
  description: () => vscode.l10n.t("says how the weight is stored"),
  unreadByOllama: () => vscode.l10n.t("Ollama does not read these types of weights"),
};

/** Why a tensor gets its type, or a type cannot be had. */
export function localizedReason(reason: Reason): string {
  return texts[reasonCode(reason)](...reasonValues(reason));
}

const refusals: Readonly<Record<string, (() => string) | undefined>> = {
  "model.unknown-part": () => vscode.l10n.t("models of this architecture cannot be run here"),
  "no-tokenizer": () => vscode.l10n.t("the checkpoint has no tokenizer"),
  "not-for-gguf": () => vscode.l10n.t("makes integers with scales that GGUF files do not have"),
  "nothing-to-calibrate": () => vscode.l10n.t("this type has no grid on which errors could be made up for"),
  "not-integers": () => vscode.l10n.t("only for types of integers with scales"),
  "bad-scaling-option": () => vscode.l10n.t("only for 4 or 8 bits, in groups that divide the rows"),
};

/** Why a method with calibration cannot be had: the usual reasons in the language of the editor. */
export function localizedRefusal(error: UsageError | FormatError): string {
  return refusals[error.code]?.() ?? error.message;
}
