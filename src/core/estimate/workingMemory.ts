import { tensorCategory } from "../recipe/tensorCategory";
import type { ModelShapes } from "./modelShapes";

/** Tokens that engines compute at once: llama.cpp's `n_ubatch`. */
const computedTokens = 512;
/** Activations are float32. */
const activationBytes = 4;

/** What the working memory of a model is estimated from: values of a token that are kept at the same time. */
export interface WorkingMemory {
  /** Of the widest results: the logits, or gate and up of a feed-forward layer. */
  widest: number;
  /** Of the stream. */
  hidden: number;
}

/** Tokens of all contexts that are computed at once. */
export function togetherComputed(tokens: number): number {
  return Math.min(computedTokens, tokens);
}

/**
 * Bytes for activations while a prompt is read, an approximation: the widest results of 512 tokens and the stream, in float32. It
 * is what llama.cpp reports as its compute buffer with flash attention for dense models of the Llama family (258.5 MiB for
 * Llama-3-8B, 70.5 MiB for Llama-2-7B). Without flash attention the scores of every head come on top; what the driver takes is part
 * of no model's memory.
 *
 * @param tokens of all contexts: fewer are computed at once where there are fewer
 */
export function workingBytes({ widest, hidden }: WorkingMemory, tokens: number): number {
  return togetherComputed(tokens) * (widest + hidden) * activationBytes;
}

/** Undefined for models whose tensors are named otherwise than those of GGUF files. */
export function workingMemory({ tensors }: ModelShapes): WorkingMemory | undefined {
  const named = (name: string) => tensors.find((tensor) => tensor.name === name && tensor.shape.length === 2)?.shape;
  const output = named("output.weight") ?? named("token_embd.weight");
  if (!output) return undefined;
  const [vocabulary, hidden] = output as [number, number];
  const widths = tensors
    .filter(({ name, shape }) => shape.length === 2 && name.endsWith(".weight") && ["up", "gate"].includes(tensorCategory(name)))
    .map(({ shape }) => shape[0]!);
  return { widest: widths.reduce((most, width) => Math.max(most, 2 * width), vocabulary), hidden };
}
