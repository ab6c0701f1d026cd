import { isRecord } from "../jsonRecord";
import { latentAttention } from "./attentionTensors";
import { gated } from "./configFeedForward";
import { ConfigNumbers, refuseTooMany } from "./configNumbers";
import { mamba2 } from "./mixerTensors";
import { linear, linears, type NamedShape, norm, repeated, stacked, within } from "./namedShape";

function decoder(config: ConfigNumbers, hidden: number, layers: NamedShape[], isTied: boolean): NamedShape[] {
  const vocabulary = config.count("vocab_size");
  return [
    { name: "model.embed_tokens.weight", shape: [vocabulary, hidden] },
    ...layers,
    ...norm("model.norm", hidden),
    ...((config.flag("tie_word_embeddings") ?? isTied) ? [] : linear("lm_head", vocabulary, hidden)),
  ];
}

/**
 * Every tensor of LongCat-Flash: each layer has two attentions and two feed-forward networks, and experts beside them, some of which
 * do nothing. @throws UsageError `estimate.config-incomplete`, `estimate.out-of-range`
 */
export function longcatTensors(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_layers");
  const experts = config.count("n_routed_experts");
  const routed = experts + (config.countOrNone("zero_expert_num") ?? 0);
  refuseTooMany(layers, 40 + 3 * experts);
  const halves = (layer: number) =>
    repeated(2, "halves", () => [
      ...latentAttention(config, layer),
      ...within("mlps", gated(hidden, config.count("ffn_hidden_size"))),
      ...["input_layernorm", "post_attention_layernorm"].flatMap((name) => norm(name, hidden)),
    ]);
  const inLayer = (layer: number): NamedShape[] => [
    ...halves(layer),
    ...linear("mlp.gate", routed, hidden),
    { name: "mlp.gate.e_score_correction_bias", shape: [routed] },
    ...stacked(experts, "mlp.experts", gated(hidden, config.count("expert_ffn_hidden_size"))),
  ];
  return decoder(config, hidden, repeated(layers, "model.layers", inLayer), false);
}

/** Every tensor of DBRX. @throws UsageError `estimate.config-incomplete`, `estimate.out-of-range` */
export function dbrxTensors(config: ConfigNumbers): NamedShape[] | undefined {
  const { attn_config: attention, ffn_config: feedForward } = config.record;
  if (!isRecord(attention) || !isRecord(feedForward)) return undefined;
  const hidden = config.count("d_model");
  const layers = config.count("n_layers");
  const keys = new ConfigNumbers(attention).count("kv_n_heads") * Math.floor(hidden / config.count("n_heads"));
  const experts = new ConfigNumbers(feedForward).count("moe_num_experts");
  const width = new ConfigNumbers(feedForward).count("ffn_hidden_size");
  refuseTooMany(layers, 8 + 3 * experts);
  const inLayer = (): NamedShape[] => [
    ...linear("self_attn.qkv_proj", hidden + 2 * keys, hidden),
    ...linear("self_attn.o_proj", hidden, hidden),
    ...["input_layernorm", "post_attention_layernorm"].flatMap((name) => norm(name, hidden)),
    ...linear("mlp.gate", experts, hidden),
    ...stacked(experts, "mlp.experts", gated(hidden, width)),
  ];
  return decoder(config, hidden, repeated(layers, "model.layers", inLayer), false);
}

/**
 * Every tensor of Zamba 2: some of its layers pass through one of a few blocks of attention that they share, each with an adapter of its
 * own. @throws UsageError `estimate.config-incomplete`, `estimate.out-of-range`
 */
export function zamba2Tensors(config: ConfigNumbers): NamedShape[] | undefined {
  const hidden = config.count("hidden_size");
  const kinds: unknown = config.record.layers_block_type;
  // Where the output is not the embedding, transformers shares nothing else either.
  if (!Array.isArray(kinds) || config.flag("tie_word_embeddings") === false) return undefined;
  refuseTooMany(kinds.length, 20);
  const width = config.count("intermediate_size");
  const bias = config.isBiased("add_bias_linear");
  // Both what a layer gets and what came in at the beginning go into the attention.
  const wide = 2 * hidden;
  const headDim = Math.floor(wide / config.count("num_attention_heads"));
  const queries = config.count("num_attention_heads") * headDim;
  const keys = (config.optional("num_key_value_heads") ?? config.count("num_attention_heads")) * headDim;
  const rank = config.count("adapter_rank");
  const adapter = (name: string, rows: number, columns: number) => [
    ...linear(`${name}.0`, rank, columns),
    ...linear(`${name}.1`, rows, rank),
  ];
  const state = mamba2({
    ...{ hidden, inner: config.count("mamba_expand") * hidden, state: config.count("mamba_d_state"), kernel: config.count("mamba_d_conv") },
    ...{
      heads: config.count("n_mamba_heads"),
      groups: config.count("mamba_ngroups"),
      hasBias: bias,
      hasConvolutionBias: true,
      isNormed: true,
    },
  });
  const block = (): NamedShape[] => [
    ...linear("self_attn.q_proj", queries, wide),
    ...linears(["self_attn.k_proj", "self_attn.v_proj"], keys, wide),
    ...linear("self_attn.o_proj", hidden, queries),
    ...linear("feed_forward.gate_up_proj", 2 * width, hidden, bias),
    ...linear("feed_forward.down_proj", hidden, width, bias),
    ...norm("input_layernorm", wide),
    ...norm("pre_ff_layernorm", hidden),
  ];
  const hybrid = (): NamedShape[] => [
    ...linear("linear", hidden, hidden),
    ...adapter("feed_forward.adapter", 2 * width, hidden),
    ...(config.flag("use_shared_attention_adapter")
      ? ["q", "k", "v"].flatMap((name) => adapter(`self_attn.${name}_adapter`, wide, wide))
      : []),
  ];
  const hybrids = kinds.filter((kind) => kind === "hybrid").length;
  return decoder(
    config,
    hidden,
    [
      ...repeated(kinds.length, "model.layers", (layer) => [
        ...within("mamba", state),
        ...norm("input_layernorm", hidden),
        ...(kinds[layer] === "hybrid" ? hybrid() : []),
      ]),
      ...repeated(Math.min(hybrids, config.count("num_mem_blocks")), "model.blocks", block),
    ],
    true,
  );
}
