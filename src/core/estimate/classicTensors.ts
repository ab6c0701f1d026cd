import { attentionFromConfig } from "./configAttention";
import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import { linear, type NamedShape } from "./namedShape";

/** How the models before Llama's kind are made: one matrix up and one down, most with biases. Source: `modeling_*.py` of transformers. */
export interface ClassicFamily {
  /** Every matrix has a bias, unless the configuration says otherwise under this name. */
  readonly bias: boolean;
  readonly biasKey?: string;
  /** Norms have none. */
  readonly plainNorms?: boolean;
  /** Query, key and value are matrices of their own. */
  readonly split?: boolean;
  /** Norms of a layer: 2, or by Falcon's rule. */
  readonly norms?: 1 | "falcon";
  /** Rows of the learned positions beyond those that the configuration says; undefined where there are none. */
  readonly positions?: number;
  /** A norm follows the embedding. */
  readonly embeddingNorm?: boolean;
  /** The output matrix is the embedding where the configuration does not say, and has a bias. */
  readonly tied: boolean;
  readonly headBias?: boolean;
}

/** By `model_type`. */
export const classicFamilies: ReadonlyMap<string, ClassicFamily> = new Map(
  Object.entries({
    gpt2: { bias: true, positions: 0, tied: true },
    gpt_bigcode: { bias: true, positions: 0, tied: true },
    gpt_neox: { bias: true, tied: false },
    opt: { bias: true, biasKey: "enable_bias", split: true, positions: 2, tied: true },
    bloom: { bias: true, embeddingNorm: true, tied: true },
    mpt: { bias: false, plainNorms: true, tied: true },
    falcon: { bias: false, biasKey: "bias", norms: "falcon", tied: true },
    starcoder2: { bias: true, biasKey: "use_bias", split: true, tied: true },
    phi: { bias: true, split: true, norms: 1, tied: false, headBias: true },
  } satisfies Record<string, ClassicFamily>),
);

/**
 * Every tensor of such a model, by its GGUF name: those of its own differ from family to family.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function classicTensors(config: ConfigNumbers, family: ClassicFamily): NamedShape[] {
  const { split, embeddingNorm } = family;
  const hidden = config.count("hidden_size", "n_embd", "n_embed", "d_model");
  const vocabulary = config.count("vocab_size");
  const ratio = config.optional("expansion_ratio") ?? 4;
  const width = config.optional("intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size") ?? ratio * hidden;
  const bias = (family.biasKey === undefined ? undefined : config.flag(family.biasKey)) ?? family.bias;
  const { queries, keys } = widths(config, hidden);
  const norm = (name: string): NamedShape[] => [
    { name: `${name}.weight`, shape: [hidden] },
    ...(family.plainNorms ? [] : [{ name: `${name}.bias`, shape: [hidden] }]),
  ];
  const embedded = config.optional("word_embed_proj_dim") ?? hidden;
  const tensors: NamedShape[] = [{ name: "token_embd.weight", shape: [vocabulary, embedded] }];
  if (embedded !== hidden) tensors.push(...linear("project_in", hidden, embedded), ...linear("project_out", embedded, hidden));
  if (family.positions !== undefined) {
    const rows = config.count("n_positions", "max_position_embeddings") + family.positions;
    tensors.push({ name: "position_embd.weight", shape: [rows, hidden] });
  }
  if (embeddingNorm) tensors.push(...norm("token_embd_norm"));
  const layers = config.count("num_hidden_layers", "n_layer", "n_layers");
  refuseTooMany(layers, 16);
  for (let layer = 0; layer < layers; layer++) {
    const at = `blk.${layer}`;
    tensors.push(
      ...norm(`${at}.attn_norm`),
      ...(normsOf(config, family) === 2 ? norm(`${at}.ffn_norm`) : []),
      ...(split
        ? [
            ...linear(`${at}.attn_q`, queries, hidden, bias),
            ...linear(`${at}.attn_k`, keys, hidden, bias),
            ...linear(`${at}.attn_v`, keys, hidden, bias),
          ]
        : linear(`${at}.attn_qkv`, queries + 2 * keys, hidden, bias)),
      ...linear(`${at}.attn_output`, hidden, queries, bias),
      ...linear(`${at}.ffn_up`, width, hidden, bias),
      ...linear(`${at}.ffn_down`, hidden, width, bias),
    );
  }
  // OPT-350m, whose norms follow, has none at the end.
  if (config.flag("do_layer_norm_before") !== false) tensors.push(...norm("output_norm"));
  const isTied = config.flag("tie_word_embeddings") ?? family.tied;
  return isTied ? tensors : [...tensors, ...linear("output", vocabulary, embedded, family.headBias)];
}

/** Rows of the queries, and of the keys. @throws UsageError `estimate.config-incomplete` */
function widths(config: ConfigNumbers, hidden: number): { queries: number; keys: number } {
  const heads = config.count("num_attention_heads", "n_head", "n_heads");
  // Refused where it cannot be; what it means is another matter in each family.
  config.optional("num_key_value_heads", "num_kv_heads", "n_head_kv");
  const { keyValueHeads, headDim = Math.floor(hidden / heads) } = attentionFromConfig(config.record);
  return { queries: heads * headDim, keys: (typeof keyValueHeads === "number" ? keyValueHeads : heads) * headDim };
}

/** Falcon: one norm where attention and feed-forward network stand side by side, two in the new architecture or one after the other. */
function normsOf(config: ConfigNumbers, { norms }: ClassicFamily): number {
  if (norms !== "falcon") return norms ?? 2;
  if (config.flag("new_decoder_architecture")) return config.optional("num_ln_in_parallel_attn") ?? 2;
  return config.flag("parallel_attn") === false ? 2 : 1;
}
