/** A matrix that a layer multiplies its inputs with. */
export interface LinearLayer {
  /** Name of the weight in the checkpoint: `outputs` rows of `inputs` columns. */
  readonly tensor: string;
  readonly outputs: number;
  readonly inputs: number;
  /** Name of a vector of `outputs` values that is added. */
  readonly bias?: string;
}

/** Root-mean-square normalization (Zhang & Sennrich 2019) of runs of `length` values. */
export interface NormLayer {
  readonly tensor: string;
  readonly length: number;
  readonly epsilon: number;
  /** What is added to the stored weight: 1 in Gemma's own files. */
  readonly shift: 0 | 1;
}

/** How queries and keys are turned by their positions (Su et al. 2021). */
export interface RotaryEmbedding {
  /** Values of a head that are turned, from its first; even. */
  readonly dimensions: number;
  /** Which two values are turned together: i and i + dimensions / 2, or 2i and 2i + 1. */
  readonly pairs: "halves" | "interleaved";
  /** Angle per position of each pair. */
  readonly frequencies: readonly number[];
  /** The same for sequences longer than `context`. */
  readonly long?: { readonly context: number; readonly frequencies: readonly number[] };
  /** Sine and cosine are multiplied with it. */
  readonly factor: number;
}

/** Causal self-attention of a block, multi-head or with grouped queries: what its matrices are, and how scores become weights. */
export interface AttentionLayer {
  readonly norm?: NormLayer;
  /** Query, key and value side by side: three matrices, or one with the rows of all. */
  readonly inputs: readonly LinearLayer[];
  readonly output: LinearLayer;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  /** Of each head, or of all heads together where it is as long as they are. */
  readonly queryNorm?: NormLayer;
  readonly keyNorm?: NormLayer;
  /** Absent where positions are not told. */
  readonly rotary?: RotaryEmbedding;
  /** Scores are multiplied with it. */
  readonly scale: number;
  /** Scores are bent to cap · tanh(score / cap). */
  readonly cap?: number;
  /** Positions that a query sees, its own included. */
  readonly window?: number;
  /** Before the result is added to the stream. */
  readonly postNorm?: NormLayer;
}

/** The gated feed-forward network of a block: output · (activation(gate · x) ⊙ (up · x)). */
export interface FeedForwardLayer {
  readonly norm?: NormLayer;
  /** Gate and up side by side: two matrices, or one with the rows of both. */
  readonly inputs: readonly LinearLayer[];
  /** `gelu` is the approximation by tanh. */
  readonly activation: "silu" | "gelu";
  readonly output: LinearLayer;
  readonly postNorm?: NormLayer;
}

/** One block of a decoder: plain data, so that it can be sent to a thread. */
export interface DecoderLayer {
  /** `layers.0` … */
  readonly name: string;
  readonly attention: AttentionLayer;
  readonly feedForward: FeedForwardLayer;
  /** What attention and feed-forward layer add is multiplied with it. */
  readonly residualScale: number;
}

/** What a forward pass has to know of a model of the Llama family, from whatever files it comes. */
export interface ModelDescription {
  /** `llama`, `gemma2` … */
  readonly architecture: string;
  /** Values of the stream. */
  readonly hidden: number;
  /** Rows of the embedding. */
  readonly vocabulary: number;
  /** Longest sequence. */
  readonly context: number;
  readonly embedding: { readonly tensor: string; readonly scale: number };
  readonly layers: readonly DecoderLayer[];
  readonly finalNorm: NormLayer;
  /** `tensor` is the embedding where the two are one. Logits are multiplied with `scale`, then bent to cap · tanh(logit / cap). */
  readonly head: { readonly linear: LinearLayer; readonly scale: number; readonly cap?: number };
}

/** Values of a row in which query, key and value of a token lie side by side. */
export function attentionWidth({ heads, keyValueHeads, headDim }: AttentionLayer): number {
  return (heads + 2 * keyValueHeads) * headDim;
}

/** Names of the tensors that a block reads, in the order in which it does, each once. */
export function tensorsOfLayer({ attention, feedForward }: DecoderLayer): string[] {
  const norms = [attention.norm, attention.queryNorm, attention.keyNorm, attention.postNorm, feedForward.norm, feedForward.postNorm];
  const linears = [...attention.inputs, attention.output, ...feedForward.inputs, feedForward.output];
  return [...norms.map((norm) => norm?.tensor), ...linears.flatMap(({ tensor, bias }) => [tensor, bias])].filter(
    (name) => name !== undefined,
  );
}
