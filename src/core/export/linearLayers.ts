import { isWeightMatrix, tensorCategory } from "../recipe/tensorCategory";
import { ggufName } from "../recipe/tensorNames";
import type { TensorInfo } from "../tensor/tensorInfo";

const ending = ".weight";

/**
 * Weights of linear layers inside the transformer: what quantizers of PyTorch checkpoints touch. Not the output matrix, the
 * embeddings, nor what routes tokens to experts.
 */
export function isLinearWeight({ name, shape }: Pick<TensorInfo, "name" | "shape">): boolean {
  const gguf = shape.length === 2 && name.endsWith(ending) ? ggufName(name) : undefined;
  if (gguf === undefined || !isWeightMatrix(gguf, shape) || gguf.endsWith("ffn_gate_inp_shexp.weight")) return false;
  return !["output", "embedding"].includes(tensorCategory(gguf));
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
  return shape.length === 2 && name.endsWith(ending) && !isEnd && !/embed|norm/i.test(name);
}
