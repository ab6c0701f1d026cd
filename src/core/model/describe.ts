import { configOf, ConfigReader, languageModelConfig } from "../convert/config";
import type { FormatError } from "../errors";
import { limits } from "../limits";
import type { Checkpoint } from "../tensor/checkpoint";
import type { ModelFamily } from "./families/family";
import { families } from "./families/registry";
import { GgufKeys } from "./ggufKeys";
import type { AttentionLayer, DecoderLayer, FeedForwardLayer, ModelDescription } from "./modelDescription";
import { type ModelParameters, unknownPart } from "./modelParameters";
import { ModelTensors } from "./modelTensors";
import { parametersFromConfig } from "./parametersFromConfig";
import { parametersFromGguf } from "./parametersFromGguf";

/**
 * What a forward pass has to know of a checkpoint: from config.json and Hugging Face names, or from the keys and names of a GGUF
 * file. Every tensor is there, has the shape that it must have, and has a part to play.
 *
 * @throws FormatError `model.unknown-part` for another architecture or another part, `model.missing-tensor`, `model.wrong-shape`, and
 *   what reading the configuration throws
 */
export async function describeModel(checkpoint: Checkpoint): Promise<ModelDescription> {
  const { family, parameters } = await (checkpoint.format === "gguf" ? fromGguf(checkpoint) : fromConfig(checkpoint));
  checkParameters(parameters);
  const tensors = new ModelTensors(checkpoint, family);
  const { hidden, tied, logitCap, logitScale } = parameters;
  const vocabulary = tensors.vocabulary();
  const embedding = tensors.take("token_embd.weight", [vocabulary, hidden]);
  const isTied = tied ?? !tensors.has("output.weight");
  // Files of tied models may repeat the matrix.
  const head = isTied && !tensors.has("output.weight") ? embedding : tensors.take("output.weight", [vocabulary, hidden]);
  const description: ModelDescription = {
    architecture: family.id,
    hidden,
    vocabulary,
    context: parameters.context,
    embedding: { tensor: embedding, scale: parameters.embeddingScale },
    layers: Array.from({ length: parameters.layers }, (_, index) => layerOf(index, parameters, family, tensors)),
    finalNorm: tensors.norm("output_norm", hidden, parameters),
    head: {
      linear: { tensor: isTied ? embedding : head, outputs: vocabulary, inputs: hidden },
      scale: logitScale,
      ...(logitCap === undefined ? {} : { cap: logitCap }),
    },
  };
  tensors.checkAllUsed(family.id);
  return description;
}

interface Described {
  family: ModelFamily;
  parameters: ModelParameters;
}

async function fromGguf(checkpoint: Checkpoint): Promise<Described> {
  const keys = await GgufKeys.of(checkpoint);
  const family = families.find(({ id }) => id === keys.architecture);
  if (!family) throw unknownArchitecture(keys.architecture, ({ id }) => [id]);
  return { family, parameters: parametersFromGguf(keys, family) };
}

function fromConfig(checkpoint: Checkpoint): Promise<Described> {
  const record = configOf(checkpoint);
  const classes = new ConfigReader(record).strings("architectures") ?? [];
  const family = families.find((candidate) => candidate.classes.some((name) => classes.includes(name)));
  if (!family) throw unknownArchitecture(classes[0] ?? "unnamed", (candidate) => candidate.classes, "config.json");
  return Promise.resolve({ family, parameters: parametersFromConfig(languageModelConfig(record, family.defaults), family) });
}

function unknownArchitecture(found: string, names: (family: ModelFamily) => readonly string[], file?: string): FormatError {
  return unknownPart("architecture", families.flatMap(names).join(", "), found, file);
}

/** @throws FormatError `model.unknown-part` */
function checkParameters({ layers, heads, keyValueHeads }: ModelParameters): void {
  if (layers > limits.modelLayers) throw unknownPart("number of layers", `at most ${limits.modelLayers}`, String(layers));
  if (heads % keyValueHeads !== 0) {
    throw unknownPart("grouping of heads", "a whole number of query heads to each key-value head", `${heads} and ${keyValueHeads}`);
  }
}

function layerOf(index: number, parameters: ModelParameters, family: ModelFamily, tensors: ModelTensors): DecoderLayer {
  return {
    name: `layers.${index}`,
    attention: attentionOf(index, parameters, family, tensors),
    feedForward: feedForwardOf(index, parameters, family, tensors),
    residualScale: parameters.residualScale,
  };
}

function attentionOf(index: number, parameters: ModelParameters, family: ModelFamily, tensors: ModelTensors): AttentionLayer {
  const { hidden, heads, keyValueHeads, headDim, attentionScale, attentionCap } = parameters;
  const role = (part: string): string => `blk.${index}.${part}`;
  const [queries, keys] = [heads * headDim, keyValueHeads * headDim];
  const linear = (part: string, outputs: number) => tensors.linear(role(part), outputs, hidden, family.biases);
  // OLMo 2 normalizes all heads together.
  const wholeNorms = family.norms === "after";
  const window = parameters.window(index);
  const rotary = parameters.rotary(index);
  return {
    ...(family.norms === "after" ? {} : { norm: tensors.norm(role("attn_norm"), hidden, parameters) }),
    inputs: family.fused
      ? [linear("attn_qkv", queries + 2 * keys)]
      : [linear("attn_q", queries), linear("attn_k", keys), linear("attn_v", keys)],
    output: tensors.linear(role("attn_output"), hidden, queries),
    heads,
    keyValueHeads,
    headDim,
    ...(family.queryKeyNorms
      ? {
          queryNorm: tensors.norm(role("attn_q_norm"), wholeNorms ? queries : headDim, parameters),
          keyNorm: tensors.norm(role("attn_k_norm"), wholeNorms ? keys : headDim, parameters),
        }
      : {}),
    ...(rotary ? { rotary } : {}),
    scale: attentionScale,
    ...(attentionCap === undefined ? {} : { cap: attentionCap }),
    ...(window === undefined ? {} : { window }),
    ...(family.norms === "before" ? {} : { postNorm: tensors.norm(role("post_attention_norm"), hidden, parameters) }),
  };
}

function feedForwardOf(index: number, parameters: ModelParameters, family: ModelFamily, tensors: ModelTensors): FeedForwardLayer {
  const { hidden, feedForward } = parameters;
  const role = (part: string): string => `blk.${index}.${part}`;
  const linear = (part: string, outputs: number) => tensors.linear(role(part), outputs, hidden);
  return {
    ...(family.norms === "after" ? {} : { norm: tensors.norm(role("ffn_norm"), hidden, parameters) }),
    inputs: family.fused ? [linear("ffn_up", 2 * feedForward)] : [linear("ffn_gate", feedForward), linear("ffn_up", feedForward)],
    activation: family.activation,
    output: tensors.linear(role("ffn_down"), hidden, feedForward),
    ...(family.norms === "before" ? {} : { postNorm: tensors.norm(role("post_ffw_norm"), hidden, parameters) }),
  };
}
