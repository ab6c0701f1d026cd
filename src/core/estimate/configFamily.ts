import type { BiasRule, ConfigNumbers } from "./configNumbers";
import type { NamedShape } from "./namedShape";

/** How a family's layers are made, where families differ. Source: `modeling_*.py` of transformers. */
export interface ConfigFamily {
  /** Norms of the width of the stream, by their places in a layer. */
  readonly norms: readonly string[] | ((config: ConfigNumbers) => readonly string[]);
  /** Norms have biases. */
  readonly normBias?: boolean;
  /** No norm has weights, not even the last one. */
  readonly plainNorms?: boolean;
  /** Norms on queries and keys: of each head, all of one weight or each of its own, or of all heads together. */
  readonly queryKeyNorms?: "head" | "each" | "all";
  /** They are there only where the configuration says so under this name. */
  readonly normsIfSaid?: string;
  /** Biases of query, key and value; of the attention's output; of the feed-forward network. Usually `attention_bias` and `mlp_bias` say. */
  readonly biases?: { readonly query?: BiasRule; readonly output?: BiasRule; readonly feedForward?: BiasRule };
  /** Query, key and value are one matrix, and gate and up another. */
  readonly fused?: boolean;
  /** Only gate and up are one matrix. */
  readonly fusedFeedForward?: boolean;
  /** The feed-forward network is one matrix up and one down. */
  readonly ungated?: boolean;
  /** Its width, where the configuration does not say it outright. @throws UsageError `estimate.config-incomplete` */
  readonly width?: (config: ConfigNumbers) => number;
  /** The output of the attention is as wide as the stream, however wide the heads are. */
  readonly squareOutput?: boolean;
  /** The output matrix has a bias, even where it is the embedding. */
  readonly headBias?: BiasRule;
  /** The output matrix is the embedding where the configuration does not say. */
  readonly tied: boolean;
  readonly attention?: "latent" | "gatedDelta";
  /** What a layer has in the place of attention; undefined where it has attention. */
  readonly mixer?: (config: ConfigNumbers, layer: number) => NamedShape[] | undefined;
  /** A learned value for each head that takes part in the softmax (gpt-oss). */
  readonly sinks?: boolean;
  readonly experts?: Experts;
  /** Settings of models that are called so and made otherwise: they are not known. */
  readonly notWith?: readonly string[];
  /** What else each layer has. */
  readonly extra?: (config: ConfigNumbers) => NamedShape[];
}

/** How a family's experts are made. They have the names of other families where its own stacks them: no GGUF file does. */
export interface Experts {
  /** The setting that says how wide each is. */
  readonly width: "intermediate_size" | "moe_intermediate_size";
  /** They are called as Mixtral's are. */
  readonly namedBlocks?: boolean;
  /** Layers that have experts, where not all do. */
  readonly only?: (config: ConfigNumbers, layer: number) => boolean;
  /** Experts that every token passes through. */
  readonly shared?: (config: ConfigNumbers, hidden: number) => NamedShape[];
  /** Router and experts have biases (gpt-oss). */
  readonly biased?: boolean;
  /** The router has a bias for each expert that balances them, always or where the configuration says so. */
  readonly balanced?: boolean | ((config: ConfigNumbers) => boolean);
}
