import { layerOf, tensorCategory } from "../recipe/tensorCategory";
import { computedAtOnce } from "./engineCache";
import type { ModelShapes } from "./modelShapes";

/** Activations are float32. */
const activationBytes = 4;
/** Which tokens see which: float32, and float16 besides for flash attention. Bytes for each token and each token of the context. */
const maskBytes = { flash: 6, plain: 4 } as const;
/** Vectors of the width of the stream that are kept inside a layer: its input, and what the residual adds to. */
const streams = 2;

/** What the working memory of a model is estimated from: values of one token. */
export interface WorkingMemory {
  /** Of the stream. */
  hidden: number;
  /** Logits. */
  vocabulary: number;
  /** Gate and up of the widest feed-forward layer, of as many experts as a token passes through. */
  feedForward: number;
  /** Queries and results of all attention heads: compressed ones in latent attention. 0 where they are not known. */
  attention: number;
  /** Attention heads, where they are known. */
  heads?: number;
}

/** Bytes of working memory, and of the steps that it is the largest of. */
export interface WorkingBytes {
  /** Tokens that are computed at once. */
  tokens: number;
  bytes: number;
  /** At the end, with the logits of all tokens. */
  output: number;
  /** Inside a layer, with what attention or the feed-forward network needs. */
  layer: number;
  /** What it is without flash attention, which keeps the scores of every head; undefined where the heads are not known. */
  withoutFlash?: number;
}

/**
 * Bytes for activations while a prompt is read: llama.cpp's compute buffer, which is as large as the step of the graph that keeps most
 * (`ggml_gallocr` gives memory that is no longer needed to later steps), for its usual 512 tokens at once (`n_ubatch`).
 *
 * Checked against what llama.cpp prints for Llama-3-8B (258.5 MiB at 512 tokens; 560 MiB at 8192 without flash attention) and Llama-2-7B
 * (70.5 and, at 4096 without flash attention, 296 MiB), to the byte; gpt-oss-20b at 131072 tokens, 457 MiB, is estimated 4 % too low.
 * What the driver takes is part of no model's memory.
 *
 * @param context tokens of each context
 */
export function workingBytes(of: WorkingMemory, context: number, sequences: number): WorkingBytes {
  const { hidden, vocabulary, feedForward, attention, heads } = of;
  const tokens = Math.min(computedAtOnce, context * sequences);
  const step = (values: number, mask: number): number => tokens * (values * activationBytes + context * mask);
  const output = step(vocabulary + hidden, 0);
  const wide = Math.max(feedForward, attention) + streams * hidden;
  const layer = step(wide, maskBytes.flash);
  const scores = heads === undefined ? undefined : step(context * heads + attention + streams * hidden, maskBytes.plain);
  return {
    tokens,
    bytes: Math.max(output, layer),
    output,
    layer,
    ...(scores === undefined ? {} : { withoutFlash: Math.max(output, step(wide, maskBytes.plain), scores) }),
  };
}

/** Undefined for models whose tensors are named otherwise than those of GGUF files, or that do not say how many experts a token passes through. */
export function workingMemory({ tensors, heads, expertsUsed, cache }: ModelShapes): WorkingMemory | undefined {
  const named = (name: string) => tensors.find((tensor) => tensor.name === name && tensor.shape.length === 2)?.shape;
  const output = named("output.weight") ?? named("token_embd.weight");
  if (!output) return undefined;
  // Experts, and what every token passes through, one after the other.
  const widths = new Map<string, number>();
  for (const { name, shape } of tensors) {
    if (!name.endsWith(".weight") || name.includes("_inp") || !["up", "gate"].includes(tensorCategory(name))) continue;
    const isStack = shape.length === 3;
    if (isStack && expertsUsed === undefined) return undefined;
    const group = `${layerOf(name)} ${name.includes("exp") ? name.slice(name.lastIndexOf("_")) : ""}`;
    widths.set(group, (widths.get(group) ?? 0) + (isStack ? expertsUsed! * shape[1]! : shape[0]!));
  }
  const [vocabulary, hidden] = output as [number, number];
  const perHead = cache?.groups.map(({ keyDim, valueDim }) => (cache.kind === "latent" ? 2 * keyDim : keyDim + valueDim)) ?? [];
  return {
    hidden,
    vocabulary,
    feedForward: Math.max(0, ...widths.values()),
    attention: (heads ?? 0) * Math.max(0, ...perHead),
    ...(heads === undefined ? {} : { heads }),
  };
}
