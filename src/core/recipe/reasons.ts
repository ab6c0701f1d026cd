/** Why tensors get their types, in English. The editor's texts are translations of these, by the same codes. */
export const reasonTexts = {
  outputMatrix: "output matrix",
  oddOutputMatrix: "output matrix whose rows do not divide into blocks",
  tokenEmbedding: "token embedding",
  onlyExperts: "only stacked experts are stored as MXFP4",
  value: "value matrix",
  valueShared: "value matrix shared by 4 or more query heads",
  valueOfExperts: "value matrix of a mixture of experts",
  valueOf8Experts: "value matrix beside 8 experts",
  valueOf80Layers: "value matrix of an 80-layer model",
  valueFirstLayers: "value matrix of the first {0} layers",
  valueMoreBits: "value matrix, first and last eighth of the layers and every third between",
  key: "key matrix",
  keyOf8Experts: "key matrix beside 8 experts",
  query: "query matrix",
  attentionOutput: "attention output",
  attentionOutputOf8Experts: "attention output beside 8 experts",
  firstEighth: "first eighth of the layers",
  down: "MLP down projection",
  downFirstEighth: "MLP down projection, first eighth of the layers",
  downFirstSixteenth: "MLP down projection, first sixteenth of the layers",
  downMoreBits: "MLP down projection, first and last eighth of the layers and every third between",
  middleLayers: "MLP of the middle three quarters of the layers",
  baseType: "base type of the file type",
  targetSize: "chosen for the target size",
  override: "override {0}",
  pure: "pure: one type for all weight matrices",
  notAMatrix: "not a weight matrix: kept",
  indivisible: "{0} columns do not divide into {1} blocks",
  indivisibleInputs: "kept: {0} inputs are not a multiple of {1}",
  indivisibleOutputs: "kept: {0} outputs are not a multiple of {1}",
  kept: "kept",
  decoded: "decoded",
  linearLayer: "linear layer: {0}",
  description: "says how the weight is stored",
  unreadByOllama: "Ollama does not read these types of weights",
} as const;

/** Stable name of a reason. */
export type ReasonCode = keyof typeof reasonTexts;

/** A reason by its code; with what its text has in the places of `{0}` and `{1}`. */
export type Reason = ReasonCode | { readonly code: ReasonCode; readonly values: readonly string[] };

/** Its stable name, by which it is translated. */
export function reasonCode(reason: Reason): ReasonCode {
  return typeof reason === "string" ? reason : reason.code;
}

/** What its text has in the places of `{0}` and `{1}`. */
export function reasonValues(reason: Reason): readonly string[] {
  return typeof reason === "string" ? [] : reason.values;
}

/** The reason in English, for the command line and for logs. */
export function reasonText(reason: Reason): string {
  return withValues(reasonTexts[reasonCode(reason)], reasonValues(reason));
}

/** A text with values in the places of `{0}` and `{1}`. */
export function withValues(text: string, values: readonly string[]): string {
  return text.replace(/\{(\d)\}/g, (_, place: string) => values[Number(place)] ?? "");
}
