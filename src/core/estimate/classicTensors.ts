import { attentionFromConfig } from "./configAttention";
import { type BiasRule, type ConfigNumbers, refuseTooMany } from "./configNumbers";
import { linear, linears, type NamedShape, norm } from "./namedShape";

/** How the models before Llama's kind are made: one matrix up and one down, most with biases. Source: `modeling_*.py` of transformers. */
export interface ClassicFamily {
  /** Matrices have biases. */
  readonly bias: BiasRule;
  /** Query, key and value, and the attention's output, where they differ from the others. */
  readonly attentionBias?: BiasRule;
  readonly outputBias?: BiasRule;
  /** Norms have none. */
  readonly plainNorms?: boolean;
  /** Norms on the queries and keys of each head, where the configuration says so under this name. */
  readonly queryKeyNorms?: string;
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
    gpt_neo: { bias: true, attentionBias: false, outputBias: true, split: true, positions: 0, tied: true },
    gpt_neox: { bias: true, attentionBias: ["attention_bias", true], tied: false },
    gptj: { bias: true, attentionBias: false, split: true, norms: 1, tied: false, headBias: true },
    codegen: { bias: true, attentionBias: false, norms: 1, tied: false, headBias: true },
    opt: { bias: ["enable_bias", true], split: true, positions: 2, tied: true },
    biogpt: { bias: true, split: true, positions: 2, tied: true },
    xglm: { bias: true, split: true, tied: true },
    bloom: { bias: true, embeddingNorm: true, tied: true },
    mpt: { bias: false, plainNorms: true, tied: true },
    falcon: { bias: "bias", norms: "falcon", tied: true },
    starcoder2: { bias: ["use_bias", true], split: true, tied: true },
    phi: { bias: true, split: true, norms: 1, queryKeyNorms: "qk_layernorm", tied: false, headBias: true },
    persimmon: { bias: true, queryKeyNorms: "qk_layernorm", tied: false },
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
  const bias = config.isBiased(family.bias);
  const attentionBias = config.isBiased(family.attentionBias ?? family.bias);
  const outputBias = config.isBiased(family.outputBias ?? family.attentionBias ?? family.bias);
  const { queries, keys, headDim } = widths(config, hidden);
  // Galactica's OPT can be without: norms that nothing is learned of.
  const isLearned = config.flag("layer_norm_elementwise_affine") !== false;
  const normOf = (name: string): NamedShape[] => (isLearned ? norm(name, hidden, !family.plainNorms) : []);
  const hasHeadNorms = family.queryKeyNorms !== undefined && config.flag(family.queryKeyNorms) === true;
  const embedded = config.optional("word_embed_proj_dim") ?? hidden;
  const tensors: NamedShape[] = [{ name: "token_embd.weight", shape: [vocabulary, embedded] }];
  if (embedded !== hidden) tensors.push(...linear("project_in", hidden, embedded), ...linear("project_out", embedded, hidden));
  if (family.positions !== undefined) {
    const rows = config.count("n_positions", "max_position_embeddings") + family.positions;
    tensors.push({ name: "position_embd.weight", shape: [rows, hidden] });
  }
  if (embeddingNorm) tensors.push(...normOf("token_embd_norm"));
  const layers = config.count("num_hidden_layers", "n_layer", "n_layers", "num_layers");
  refuseTooMany(layers, 16);
  for (let layer = 0; layer < layers; layer++) {
    const at = `blk.${layer}`;
    tensors.push(
      ...normOf(`${at}.attn_norm`),
      ...(normsOf(config, family) === 2 ? normOf(`${at}.ffn_norm`) : []),
      ...(split
        ? [
            ...linear(`${at}.attn_q`, queries, hidden, attentionBias),
            ...linears([`${at}.attn_k`, `${at}.attn_v`], keys, hidden, attentionBias),
          ]
        : linear(`${at}.attn_qkv`, queries + 2 * keys, hidden, attentionBias)),
      ...(hasHeadNorms ? [...norm(`${at}.attn_q_norm`, headDim, true), ...norm(`${at}.attn_k_norm`, headDim, true)] : []),
      ...linear(`${at}.attn_output`, hidden, queries, outputBias),
      ...linear(`${at}.ffn_up`, width, hidden, bias),
      ...linear(`${at}.ffn_down`, hidden, width, bias),
    );
  }
  // OPT-350m, whose norms follow, has none at the end.
  const hasLastNorm = config.flag("do_layer_norm_before") !== false && config.flag("_remove_final_layer_norm") !== true;
  if (hasLastNorm) tensors.push(...normOf("output_norm"));
  const isTied = config.flag("tie_word_embeddings") ?? family.tied;
  // A bias is no part of the embedding.
  if (isTied) return [...tensors, ...(family.headBias ? [{ name: "output.bias", shape: [vocabulary] }] : [])];
  return [...tensors, ...linear("output", vocabulary, embedded, family.headBias)];
}

/** Rows of the queries, and of the keys. @throws UsageError `estimate.config-incomplete` */
function widths(config: ConfigNumbers, hidden: number): { queries: number; keys: number; headDim: number } {
  const heads = config.count("num_attention_heads", "n_head", "n_heads", "num_heads", "attention_heads");
  // Refused where it cannot be; what it means is another matter in each family.
  config.optional("num_key_value_heads", "num_kv_heads", "n_head_kv");
  const { keyValueHeads, headDim = Math.floor(hidden / heads) } = attentionFromConfig(config.record);
  return { queries: heads * headDim, keys: (typeof keyValueHeads === "number" ? keyValueHeads : heads) * headDim, headDim };
}

/** Falcon: one norm where attention and feed-forward network stand side by side, two in the new architecture or one after the other. */
function normsOf(config: ConfigNumbers, { norms }: ClassicFamily): number {
  if (norms !== "falcon") return norms ?? 2;
  if (config.flag("new_decoder_architecture")) return config.optional("num_ln_in_parallel_attn") ?? 2;
  return config.flag("parallel_attn") === false ? 2 : 1;
}
