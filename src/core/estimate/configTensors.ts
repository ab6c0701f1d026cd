import type { ConfigFamily } from "./configFamilies";
import { expertsOf, feedForward } from "./configFeedForward";
import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import { linear, type NamedShape } from "./namedShape";
import { statesFromConfig } from "./recurrentState";

/**
 * Every tensor that a model with this configuration has, as transformers would store it. Layers that only predict further tokens
 * (`num_nextn_predict_layers`) are left out: they are no part of the model that answers.
 *
 * @throws UsageError `estimate.config-incomplete`, `estimate.out-of-range`
 */
export function configTensors(config: ConfigNumbers, family: ConfigFamily): NamedShape[] {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers");
  const vocabulary = config.count("vocab_size");
  refuseTooMany(layers, 10 + 3 * (expertsOf(config, family) ?? 0));
  const isTied = config.flag("tie_word_embeddings") ?? family.tied;
  const tensors = [{ name: "model.embed_tokens.weight", shape: [vocabulary, hidden] }];
  for (let layer = 0; layer < layers; layer++) {
    const parts = [
      ...family.norms.flatMap((norm) => vector(norm, hidden, family.normBias)),
      ...attentionOf(config, family, layer),
      ...feedForward(config, family, layer),
    ];
    for (const { name, shape } of parts) tensors.push({ name: `model.layers.${layer}.${name}`, shape });
  }
  tensors.push(...vector("model.norm", hidden, family.normBias));
  if (!isTied) tensors.push(...linear("lm_head", vocabulary, hidden, family.headBias));
  return tensors;
}

function attentionOf(config: ConfigNumbers, family: ConfigFamily, layer: number): NamedShape[] {
  if (family.attention === "latent") return latentAttention(config);
  const isLinear = family.attention === "gatedDelta" && statesFromConfig(config.record)?.hasAttention(layer) !== true;
  return isLinear ? gatedDelta(config) : attention(config, family);
}

/** Linear attention of Qwen3-Next. */
function gatedDelta(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const heads = config.count("linear_num_value_heads");
  const headDim = config.count("linear_value_head_dim");
  const keys = config.count("linear_num_key_heads") * config.count("linear_key_head_dim");
  const values = heads * headDim;
  return [
    ...linear("linear_attn.in_proj_qkvz", 2 * (keys + values), hidden),
    ...linear("linear_attn.in_proj_ba", 2 * heads, hidden),
    { name: "linear_attn.conv1d.weight", shape: [2 * keys + values, 1, config.count("linear_conv_kernel_dim")] },
    { name: "linear_attn.dt_bias", shape: [heads] },
    { name: "linear_attn.A_log", shape: [heads] },
    { name: "linear_attn.norm.weight", shape: [headDim] },
    ...linear("linear_attn.out_proj", hidden, values),
  ];
}

function vector(name: string, length: number, hasBias = false): NamedShape[] {
  return [{ name: `${name}.weight`, shape: [length] }, ...(hasBias ? [{ name: `${name}.bias`, shape: [length] }] : [])];
}

function attention(config: ConfigNumbers, family: ConfigFamily): NamedShape[] {
  const { queryKeyValueBias, fused, sinks } = family;
  const queryKeyNorms = family.normsIfSaid && config.flag("use_qk_norm") !== true ? undefined : family.queryKeyNorms;
  const hidden = config.count("hidden_size");
  const heads = config.count("num_attention_heads");
  const headDim = config.optional("head_dim") ?? Math.floor(hidden / heads);
  const queries = heads * headDim;
  const keys = (config.optional("num_key_value_heads") ?? heads) * headDim;
  if (fused) return [...linear("self_attn.qkv_proj", queries + 2 * keys, hidden), ...linear("self_attn.o_proj", hidden, queries)];
  const bias = config.flag("attention_bias") ?? false;
  const normed = queryKeyNorms === "all" ? [queries, keys] : [headDim, headDim];
  return [
    // Beside each query, a gate of its result.
    ...linear("self_attn.q_proj", family.attention === "gatedDelta" ? 2 * queries : queries, hidden, bias || queryKeyValueBias),
    ...linear("self_attn.k_proj", keys, hidden, bias || queryKeyValueBias),
    ...linear("self_attn.v_proj", keys, hidden, bias || queryKeyValueBias),
    ...linear("self_attn.o_proj", hidden, queries, bias && !family.noOutputBias),
    ...(sinks ? [{ name: "self_attn.sinks", shape: [heads] }] : []),
    ...(queryKeyNorms
      ? [
          { name: "self_attn.q_norm.weight", shape: [normed[0]!] },
          { name: "self_attn.k_norm.weight", shape: [normed[1]!] },
        ]
      : []),
  ];
}

/** Multi-head latent attention: queries too may be compressed. */
function latentAttention(config: ConfigNumbers): NamedShape[] {
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
          { name: "self_attn.q_a_layernorm.weight", shape: [queryRank] },
          ...linear("self_attn.q_b_proj", queries, queryRank),
        ]),
    ...linear("self_attn.kv_a_proj_with_mqa", rank + rotated, hidden, bias),
    { name: "self_attn.kv_a_layernorm.weight", shape: [rank] },
    ...linear("self_attn.kv_b_proj", heads * (plain + value), rank),
    ...linear("self_attn.o_proj", hidden, heads * value, bias),
  ];
}
