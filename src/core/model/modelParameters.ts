import { FormatError } from "../errors";
import type { RotaryEmbedding } from "./modelDescription";

/** What the configuration of a model says, whether it stands in a config.json or in the keys of a GGUF file. */
export interface ModelParameters {
  readonly layers: number;
  readonly hidden: number;
  /** Inputs of the matrix at the end of the feed-forward layer. */
  readonly feedForward: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly context: number;
  readonly epsilon: number;
  /** What is added to the stored weights of norms. */
  readonly normShift: 0 | 1;
  /** Embeddings, what layers add, logits and scores of queries against keys are multiplied with these. */
  readonly embeddingScale: number;
  readonly residualScale: number;
  readonly logitScale: number;
  readonly attentionScale: number;
  readonly attentionCap?: number;
  readonly logitCap?: number;
  /** Whether the output matrix is the embedding; undefined where the tensors tell. */
  readonly tied?: boolean;
  /** Positions that a query of a layer sees. */
  window(layer: number): number | undefined;
  rotary(layer: number): RotaryEmbedding | undefined;
}

/** Scaling and caps of models that have none. */
export const plainScales = { normShift: 0, embeddingScale: 1, residualScale: 1, logitScale: 1 } as const;

/** A part of a model that is not known here: running without it would give numbers that look right. */
export function unknownPart(what: string, expected: string, found: string, file?: string): FormatError {
  return new FormatError("model.unknown-part", `The model cannot be run: its ${what} is not known`, {
    ...(file === undefined ? {} : { file }),
    expected,
    found,
    hint: "Models of the Llama family can be run: Llama, Mistral, Qwen 2 and 3, Gemma 2 and 3, SmolLM, Phi-3, Granite, OLMo 2.",
  });
}
