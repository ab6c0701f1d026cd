import type { ConfigFamily } from "./configFamily";
import { type BiasRule, type ConfigNumbers } from "./configNumbers";
import { linear, linears, type NamedShape, norm } from "./namedShape";
import { windowsFromConfig } from "./slidingWindows";

/** Query, key, value and output of one layer. @throws UsageError `estimate.config-incomplete` */
export function attention(config: ConfigNumbers, family: ConfigFamily): NamedShape[] {
  const hidden = config.count("hidden_size");
  const heads = config.count("num_attention_heads");
  const headDim = config.optional("head_dim") ?? Math.floor(hidden / heads);
  const queries = heads * headDim;
  const keys = (config.optional("num_key_value_heads") ?? heads) * headDim;
  const usual: BiasRule = "attention_bias";
  const bias = config.isBiased(family.biases?.query ?? usual);
  const output = linear(
    "self_attn.o_proj",
    hidden,
    family.squareOutput ? hidden : queries,
    config.isBiased(family.biases?.output ?? usual),
  );
  if (family.fused) return [...linear("self_attn.qkv_proj", queries + 2 * keys, hidden), ...output];
  return [
    // Beside each query, a gate of its result.
    ...linear("self_attn.q_proj", family.attention === "gatedDelta" ? 2 * queries : queries, hidden, bias),
    ...linears(["self_attn.k_proj", "self_attn.v_proj"], keys, hidden, bias),
    ...output,
    ...(family.sinks ? [{ name: "self_attn.sinks", shape: [heads] }] : []),
    ...queryKeyNorms(config, family, { queries, keys, headDim }),
  ];
}

function queryKeyNorms(
  config: ConfigNumbers,
  { queryKeyNorms: kind, normsIfSaid, normBias }: ConfigFamily,
  { queries, keys, headDim }: { queries: number; keys: number; headDim: number },
): NamedShape[] {
  if (kind === undefined || (normsIfSaid !== undefined && config.flag(normsIfSaid) !== true)) return [];
  const isWhole = kind === "all" || kind === "each";
  return [
    ...norm("self_attn.q_norm", isWhole ? queries : headDim, kind === "head" && normBias),
    ...norm("self_attn.k_norm", isWhole ? keys : headDim, kind === "head" && normBias),
  ];
}

/** Multi-head latent attention: queries too may be compressed. @throws UsageError `estimate.config-incomplete` */
export function latentAttention(config: ConfigNumbers, layer: number): NamedShape[] {
  const hidden = config.count("hidden_size");
  const heads = config.count("num_attention_heads");
  const rank = config.count("kv_lora_rank");
  const rotated = config.count("qk_rope_head_dim");
  const plain = config.count("qk_nope_head_dim");
  const value = config.count("v_head_dim");
  const queryRank = config.countOrNone("q_lora_rank");
  const bias = config.flag("attention_bias") ?? false;
  const queries = heads * (plain + rotated);
  return [
    ...(queryRank === undefined
      ? linear("self_attn.q_proj", queries, hidden)
      : [
          ...linear("self_attn.q_a_proj", queryRank, hidden, bias),
          ...norm("self_attn.q_a_layernorm", queryRank),
          ...linear("self_attn.q_b_proj", queries, queryRank),
        ]),
    ...linear("self_attn.kv_a_proj_with_mqa", rank + rotated, hidden, bias),
    ...norm("self_attn.kv_a_layernorm", rank),
    ...linear("self_attn.kv_b_proj", heads * (plain + value), rank),
    ...linear("self_attn.o_proj", hidden, heads * value, bias),
    ...indexer(config, hidden, queryRank, layer),
  ];
}

/** What chooses the tokens that a sparse attention looks at (DeepSeek-V3.2). Some layers share that of an earlier one. */
function indexer(config: ConfigNumbers, hidden: number, queryRank: number | undefined, layer: number): NamedShape[] {
  const heads = config.optional("index_n_heads");
  const types: unknown = config.record.indexer_types;
  if (heads === undefined || queryRank === undefined || (Array.isArray(types) && types[layer] === "shared")) return [];
  const width = config.count("index_head_dim");
  return [
    ...linear("self_attn.indexer.wq_b", heads * width, queryRank),
    ...linear("self_attn.indexer.wk", width, hidden),
    ...norm("self_attn.indexer.k_norm", width, true),
    ...linear("self_attn.indexer.weights_proj", heads, hidden),
  ];
}

/**
 * MiMo-V2: layers with a window have other heads, and a learned value for each that takes part in the softmax. As published, or as
 * transformers writes it, where they have twice as many key-value heads. @throws UsageError `estimate.config-incomplete`
 */
export function windowedAttention(config: ConfigNumbers, layer: number): NamedShape[] {
  const hidden = config.count("hidden_size");
  const isWindowed = windowsFromConfig(config.record)(layer) !== undefined;
  const own = (key: string): number | undefined => (isWindowed ? config.optional(`swa_${key}`) : undefined);
  const heads = own("num_attention_heads") ?? config.count("num_attention_heads");
  const keyDim = own("head_dim") ?? config.count("head_dim");
  const valueDim = own("v_head_dim") ?? config.count("v_head_dim");
  const keyHeads = own("num_key_value_heads") ?? (isWindowed ? 2 : 1) * config.count("num_key_value_heads");
  const bias = config.isBiased("attention_bias");
  const hasSinks = config.isBiased(isWindowed ? ["add_swa_attention_sink_bias", true] : "add_full_attention_sink_bias");
  return [
    ...linear("self_attn.q_proj", heads * keyDim, hidden, bias),
    ...linear("self_attn.k_proj", keyHeads * keyDim, hidden, bias),
    ...linear("self_attn.v_proj", keyHeads * valueDim, hidden, bias),
    ...linear("self_attn.o_proj", hidden, heads * valueDim),
    ...(hasSinks ? [{ name: "self_attn.sinks", shape: [heads] }] : []),
  ];
}
