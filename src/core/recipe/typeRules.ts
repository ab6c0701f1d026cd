import type { Reason } from "./reasons";
import type { TensorCategory } from "./tensorCategory";

/** What the rules need to know about the model. */
export interface RecipeModel {
  /** Number of transformer layers. */
  layers: number;
  /** Attention heads per key-value head: 1 without grouped queries. */
  groupedQueries: number;
  /** Experts per layer; 0 or 1 for dense models. */
  experts: number;
  /** Quantizing with an importance matrix; some rules spend fewer bits then. */
  importance?: boolean;
}

/** A type a rule gives to a tensor, and the rule. */
export interface RuledType {
  type: string;
  rule: Reason;
}

/** A tensor in the eyes of the rules. */
export interface RuleSubject {
  fileType: string;
  model: RecipeModel;
  /** Position among the tensors of its category, in layer order. */
  index: number;
  /** Number of tensors of its category. */
  count: number;
}

const oneOf = (fileType: string, ...names: string[]): boolean => names.includes(fileType);

/** The layers that get more bits in the `_M` mixtures: first and last eighth, and every third between. */
function hasMoreBits(index: number, count: number): boolean {
  const eighth = Math.floor(count / 8);
  return index < eighth || index >= Math.floor((7 * count) / 8) || (index - eighth) % 3 === 2;
}

const inFirst = (index: number, count: number, part: number): boolean => index < Math.floor(count / part);

function outputRule(fileType: string): RuledType | undefined {
  if (fileType === "MXFP4_MOE") return { type: "Q8_0", rule: "outputMatrix" };
  if (oneOf(fileType, "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M", "IQ3_XXS", "IQ1_S", "IQ1_M")) return { type: "Q5_K", rule: "outputMatrix" };
  return fileType === "Q8_0" ? undefined : { type: "Q6_K", rule: "outputMatrix" };
}

function embeddingRule(fileType: string): RuledType | undefined {
  const rule = "tokenEmbedding";
  if (oneOf(fileType, "IQ2_XXS", "IQ2_XS", "IQ1_S", "IQ1_M")) return { type: "Q2_K", rule };
  if (oneOf(fileType, "IQ2_S", "IQ2_M", "IQ3_XXS")) return { type: "IQ3_S", rule };
  return oneOf(fileType, "TQ1_0", "TQ2_0", "Q2_0") ? { type: "Q4_K", rule } : undefined;
}

/** The file types of 1 and 2 bits protect value matrices, the first MLP layers and the attention output. */
function tinyRule(category: TensorCategory, { fileType, model, index, count }: RuleSubject): RuledType | undefined {
  const larger = oneOf(fileType, "IQ2_S", "IQ2_M");
  if (category === "value") {
    if (model.groupedQueries >= 4) return { type: "Q4_K", rule: "valueShared" };
    if (model.experts >= 4) return { type: "Q4_K", rule: "valueOfExperts" };
    return { type: larger ? "IQ3_S" : "Q2_K", rule: "value" };
  }
  if (category === "key" && model.experts === 8) return { type: "Q4_K", rule: "keyOf8Experts" };
  if (category === "down" && inFirst(index, count, 8)) return { type: larger ? "IQ3_S" : "Q2_K", rule: "firstEighth" };
  if (category === "attentionOutput") {
    if (model.experts === 8) return { type: "Q5_K", rule: "attentionOutputOf8Experts" };
    if (oneOf(fileType, "IQ1_S", "IQ1_M")) return { type: "IQ2_XXS", rule: "attentionOutput" };
    if (larger) return { type: "IQ3_S", rule: "attentionOutput" };
  }
  return undefined;
}

function valueTypeByFile({ fileType, model, index, count }: RuleSubject): RuledType | undefined {
  const grouped = model.groupedQueries >= 4;
  const rule = "value";
  if (fileType === "Q2_K") return grouped ? { type: "Q4_K", rule: "valueShared" } : { type: "Q3_K", rule };
  if (oneOf(fileType, "Q2_K_S", "IQ3_XXS", "IQ3_XS", "IQ3_S") && grouped) return { type: "Q4_K", rule: "valueShared" };
  if (fileType === "IQ3_XXS" && !model.importance) return { type: "IQ3_S", rule };
  if (fileType === "IQ3_M") return { type: "Q4_K", rule };
  if (fileType === "Q3_K_M")
    return index < 2 ? { type: "Q5_K", rule: { code: "valueFirstLayers", values: ["2"] } } : { type: "Q4_K", rule };
  if (fileType === "Q3_K_L") return { type: "Q5_K", rule };
  if (oneOf(fileType, "IQ4_NL", "IQ4_XS") && grouped) return { type: "Q5_K", rule: "valueShared" };
  if (oneOf(fileType, "Q4_K_M", "Q5_K_M") && hasMoreBits(index, count)) return { type: "Q6_K", rule: "valueMoreBits" };
  return fileType === "Q4_K_S" && index < 4 ? { type: "Q5_K", rule: { code: "valueFirstLayers", values: ["4"] } } : undefined;
}

function valueRule(subject: RuleSubject, base: string): RuledType | undefined {
  const { model } = subject;
  if (model.experts === 8) return { type: "Q8_0", rule: "valueOf8Experts" };
  const ruled = valueTypeByFile(subject);
  // llama.cpp knows its 70B models by their 80 layers.
  if (model.layers === 80 && oneOf(ruled?.type ?? base, "Q3_K", "Q4_K")) return { type: "Q5_K", rule: "valueOf80Layers" };
  return ruled;
}

function keyOrQueryRule(category: "key" | "query", { fileType, model }: RuleSubject): RuledType | undefined {
  if (category === "key" && model.experts === 8) return { type: "Q8_0", rule: "keyOf8Experts" };
  const rule = category;
  if (fileType === "IQ3_XS") return { type: "IQ3_XXS", rule };
  return fileType === "IQ3_XXS" ? { type: "IQ2_S", rule } : undefined;
}

function downRule({ fileType, model, index, count }: RuleSubject): RuledType | undefined {
  const firstEighth = inFirst(index, count, 8);
  const more = hasMoreBits(index, count);
  const rule = "down";
  const early = "downFirstEighth";
  if (fileType === "Q2_K") return { type: "Q3_K", rule };
  if (fileType === "Q2_K_S") return firstEighth ? { type: "Q4_K", rule: early } : undefined;
  if (fileType === "IQ3_XXS" && !model.importance) return firstEighth ? { type: "Q4_K", rule: early } : { type: "Q3_K", rule };
  if (fileType === "Q3_K_M") return inFirst(index, count, 16) ? { type: "Q5_K", rule: "downFirstSixteenth" } : { type: "Q4_K", rule };
  if (fileType === "IQ3_M" && (firstEighth || (model.experts === 8 && more))) return { type: "Q4_K", rule: early };
  if (fileType === "Q3_K_L") return { type: "Q5_K", rule };
  if (oneOf(fileType, "Q4_K_M", "Q5_K_M")) return more ? { type: "Q6_K", rule: "downMoreBits" } : undefined;
  if (!firstEighth) return undefined;
  if (fileType === "Q4_K_S" || (oneOf(fileType, "IQ4_NL", "IQ4_XS") && !model.importance)) return { type: "Q5_K", rule: early };
  if (fileType === "Q4_0" && model.importance) return { type: "Q4_1", rule: early };
  return fileType === "Q5_0" && model.importance ? { type: "Q5_1", rule: early } : undefined;
}

const sharperBesideExperts = ["Q2_K", "IQ3_XS", "IQ3_XXS", "Q3_K_S", "Q3_K_M", "IQ4_NL", "Q4_K_S", "Q4_K_M", "IQ3_S", "IQ3_M", "IQ4_XS"];
const attentionOutputTypes: Readonly<Record<string, string>> = {
  Q2_K: "Q3_K",
  IQ3_XXS: "IQ3_S",
  Q3_K_M: "Q4_K",
  Q3_K_L: "Q5_K",
  IQ3_M: "Q4_K",
};

function attentionOutputRule({ fileType, model }: RuleSubject): RuledType | undefined {
  if (model.experts === 8) {
    return oneOf(fileType, ...sharperBesideExperts) ? { type: "Q5_K", rule: "attentionOutputOf8Experts" } : undefined;
  }
  const type = attentionOutputTypes[fileType];
  return type === undefined ? undefined : { type, rule: "attentionOutput" };
}

function upOrGateRule({ fileType, index, count }: RuleSubject): RuledType | undefined {
  const middle = index >= Math.floor(count / 8) && index < Math.floor((7 * count) / 8);
  return fileType === "IQ3_XS" && middle ? { type: "IQ3_XXS", rule: "middleLayers" } : undefined;
}

const tinyFileTypes = ["IQ2_XXS", "IQ2_XS", "IQ1_S", "IQ2_S", "IQ2_M", "IQ1_M"];

/**
 * The type a rule of llama-quantize gives to a tensor, or undefined where the file type's base type stays. Dense llama
 * shapes are verified against the released program; mixtures of experts follow its source (`llama_tensor_get_type` in
 * llama.cpp `src/llama-quant.cpp`).
 */
export function ruledType(category: TensorCategory, subject: RuleSubject, base: string): RuledType | undefined {
  const { fileType } = subject;
  if (category === "output") return outputRule(fileType);
  if (fileType === "MXFP4_MOE") return { type: "Q8_0", rule: "onlyExperts" };
  if (category === "embedding") return embeddingRule(fileType);
  if (oneOf(fileType, ...tinyFileTypes)) return tinyRule(category, subject);
  switch (category) {
    case "value":
      return valueRule(subject, base);
    case "key":
    case "query":
      return keyOrQueryRule(category, subject);
    case "down":
      return downRule(subject);
    case "attentionOutput":
      return attentionOutputRule(subject);
    case "up":
    case "gate":
      return upOrGateRule(subject);
    case "other":
      return undefined;
  }
}
