import { ggufName } from "../recipe/tensorNames";
import type { TensorInfo } from "../tensor/tensorInfo";

const ending = ".weight";
/** A weight in a block of the language model, and its name there; not one of an encoder of pictures or sound beside it. */
const inBlock = /^(?:(?:language_)?model\.|gpt_neox\.|decoder\.)*layers\.\d+\.(.+)\.weight$/;
/** GPT-NeoX' output matrix. */
const gptNeoxHead = "embed_out.weight";
/** Matrices of blocks that are no linear layers, or route tokens to experts: quantizers leave them alone. */
const kept = /norm|embed|conv|rotary|router|(?:^|\.)(?:gate|shared_expert_gate)$/i;

/**
 * Weights of linear layers inside the transformer: what quantizers of PyTorch checkpoints touch. Not the output matrix, the
 * embeddings, nor what routes tokens to experts. Blocks are called `layers` in all models whose weights are stored as
 * outputs × inputs.
 */
export function isLinearWeight({ name, shape }: Pick<TensorInfo, "name" | "shape">): boolean {
  const part = shape.length === 2 ? inBlock.exec(name)?.[1] : undefined;
  return part !== undefined && !kept.test(part);
}

/** The layer's name: the weight's without `.weight`. */
export function moduleOf(weight: string): string {
  return weight.slice(0, -ending.length);
}

/**
 * Whether a loader that goes by types of modules would take a tensor for the weight of a linear layer to be quantized, where
 * it is not told otherwise. The output matrix and what it may be tied to it knows.
 */
export function looksLinear({ name, shape }: Pick<TensorInfo, "name" | "shape">): boolean {
  const isEnd = ["output.weight", "token_embd.weight"].includes(ggufName(name) ?? "");
  return shape.length === 2 && name.endsWith(ending) && !isEnd && (name === gptNeoxHead || !/embed|norm/i.test(name));
}
