import { UsageError } from "../errors";
import { nearestNames } from "../quant/editDistance";
import type { RecipeTensor } from "../recipe/recipe";
import { countValues } from "../tensor/tensorInfo";

/** The published shape of a model of the llama family. */
export interface ReferenceModel {
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  /** Width of the MLP. */
  readonly feedForward: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  /** The output matrix is the token embedding. */
  readonly tied: boolean;
  /** Biases on query, key and value (Qwen2). */
  readonly attentionBias?: boolean;
}

/** From the config.json files published with the models, smallest first. Their tests hold the published numbers of weights. */
export const referenceModels: readonly ReferenceModel[] = [
  {
    name: "TinyLlama-1.1B",
    layers: 22,
    hidden: 2048,
    feedForward: 5632,
    heads: 32,
    keyValueHeads: 4,
    headDim: 64,
    vocabulary: 32000,
    tied: false,
  },
  {
    name: "Llama-3.2-1B",
    layers: 16,
    hidden: 2048,
    feedForward: 8192,
    heads: 32,
    keyValueHeads: 8,
    headDim: 64,
    vocabulary: 128256,
    tied: true,
  },
  {
    name: "Llama-3.2-3B",
    layers: 28,
    hidden: 3072,
    feedForward: 8192,
    heads: 24,
    keyValueHeads: 8,
    headDim: 128,
    vocabulary: 128256,
    tied: true,
  },
  {
    name: "Llama-2-7B",
    layers: 32,
    hidden: 4096,
    feedForward: 11008,
    heads: 32,
    keyValueHeads: 32,
    headDim: 128,
    vocabulary: 32000,
    tied: false,
  },
  {
    name: "Llama-3-8B",
    layers: 32,
    hidden: 4096,
    feedForward: 14336,
    heads: 32,
    keyValueHeads: 8,
    headDim: 128,
    vocabulary: 128256,
    tied: false,
  },
  {
    name: "Llama-2-13B",
    layers: 40,
    hidden: 5120,
    feedForward: 13824,
    heads: 40,
    keyValueHeads: 40,
    headDim: 128,
    vocabulary: 32000,
    tied: false,
  },
  {
    name: "Qwen2.5-14B",
    layers: 48,
    hidden: 5120,
    feedForward: 13824,
    heads: 40,
    keyValueHeads: 8,
    headDim: 128,
    vocabulary: 152064,
    tied: false,
    attentionBias: true,
  },
  {
    name: "Qwen2.5-32B",
    layers: 64,
    hidden: 5120,
    feedForward: 27648,
    heads: 40,
    keyValueHeads: 8,
    headDim: 128,
    vocabulary: 152064,
    tied: false,
    attentionBias: true,
  },
  {
    name: "Llama-3-70B",
    layers: 80,
    hidden: 8192,
    feedForward: 28672,
    heads: 64,
    keyValueHeads: 8,
    headDim: 128,
    vocabulary: 128256,
    tied: false,
  },
  {
    name: "Llama-3.1-405B",
    layers: 126,
    hidden: 16384,
    feedForward: 53248,
    heads: 128,
    keyValueHeads: 8,
    headDim: 128,
    vocabulary: 128256,
    tied: false,
  },
];

/** All tensors of a reference model, by GGUF name. */
export function referenceTensors(model: ReferenceModel): RecipeTensor[] {
  const { layers, hidden, feedForward, vocabulary } = model;
  const queries = model.heads * model.headDim;
  const keys = model.keyValueHeads * model.headDim;
  const tensors: RecipeTensor[] = [
    { name: "token_embd.weight", shape: [vocabulary, hidden] },
    { name: "output_norm.weight", shape: [hidden] },
  ];
  if (!model.tied) tensors.push({ name: "output.weight", shape: [vocabulary, hidden] });
  for (let layer = 0; layer < layers; layer++) {
    const parts: Record<string, number[]> = {
      "attn_norm.weight": [hidden],
      "attn_q.weight": [queries, hidden],
      "attn_k.weight": [keys, hidden],
      "attn_v.weight": [keys, hidden],
      "attn_output.weight": [hidden, queries],
      "ffn_norm.weight": [hidden],
      "ffn_gate.weight": [feedForward, hidden],
      "ffn_up.weight": [feedForward, hidden],
      "ffn_down.weight": [hidden, feedForward],
      ...(model.attentionBias ? { "attn_q.bias": [queries], "attn_k.bias": [keys], "attn_v.bias": [keys] } : {}),
    };
    for (const [part, shape] of Object.entries(parts)) tensors.push({ name: `blk.${layer}.${part}`, shape });
  }
  return tensors;
}

/** Number of weights of a reference model. */
export function countParameters(tensors: readonly RecipeTensor[]): number {
  return tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
}

let sizes: readonly number[] | undefined;

/** The reference model whose size is nearest to `parameters`, by ratio. */
export function nearestReference(parameters: number): ReferenceModel {
  sizes ??= referenceModels.map((model) => countParameters(referenceTensors(model)));
  const distances = sizes.map((size) => Math.abs(Math.log(size / parameters)));
  return referenceModels[distances.indexOf(Math.min(...distances))]!;
}

/**
 * The reference model called `name`, in any case.
 *
 * @throws UsageError `estimate.unknown-architecture`, naming the nearest known
 */
export function findReference(name: string): ReferenceModel {
  const found = referenceModels.find((model) => model.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const names = referenceModels.map((model) => model.name);
  const nearest = nearestNames(name, names);
  const hint = `Known shapes: ${(nearest.length > 0 ? nearest : names).join(", ")}.`;
  throw new UsageError("estimate.unknown-architecture", `There is no reference shape "${name}". ${hint}`, { found: name, hint });
}
