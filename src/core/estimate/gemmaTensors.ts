import { ConfigNumbers, refuseTooMany } from "./configNumbers";
import { linear, linears, type NamedShape, norm, repeated } from "./namedShape";
import { isRecord } from "./textConfig";

const sandwich = ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"];

/** Embeddings of each token that every layer has for itself (Gemma 3n and the small ones of Gemma 4). */
function perLayerEmbedding(config: ConfigNumbers, hidden: number, layers: number, width: number): NamedShape[] {
  return [
    { name: "model.embed_tokens_per_layer.weight", shape: [config.count("vocab_size_per_layer_input"), layers * width] },
    ...linear("model.per_layer_model_projection", layers * width, hidden),
    ...norm("model.per_layer_projection_norm", width),
  ];
}

function perLayerInput(hidden: number, width: number): NamedShape[] {
  return [
    ...linear("per_layer_input_gate", width, hidden),
    ...linear("per_layer_projection", hidden, width),
    ...norm("post_per_layer_input_norm", hidden),
  ];
}

interface Heads {
  heads: number;
  keyValueHeads: number;
  headDim: number;
  /** Keys and values are another layer's. */
  isShared: boolean;
  /** Values are the keys. */
  isOne: boolean;
}

function attention(config: ConfigNumbers, hidden: number, { heads, keyValueHeads, headDim, isShared, isOne }: Heads): NamedShape[] {
  const bias = config.isBiased("attention_bias");
  return [
    ...linear("self_attn.q_proj", heads * headDim, hidden, bias),
    ...norm("self_attn.q_norm", headDim),
    ...(isShared
      ? []
      : [
          ...linears(["self_attn.k_proj", ...(isOne ? [] : ["self_attn.v_proj"])], keyValueHeads * headDim, hidden, bias),
          ...norm("self_attn.k_norm", headDim),
        ]),
    ...linear("self_attn.o_proj", hidden, heads * headDim, bias),
  ];
}

function feedForward(hidden: number, width: number): NamedShape[] {
  return [...linears(["mlp.gate_proj", "mlp.up_proj"], width, hidden), ...linear("mlp.down_proj", hidden, width)];
}

function wrapped(config: ConfigNumbers, hidden: number, body: NamedShape[]): NamedShape[] {
  const vocabulary = config.count("vocab_size");
  const isTied = config.flag("tie_word_embeddings") ?? true;
  return [
    { name: "model.embed_tokens.weight", shape: [vocabulary, hidden] },
    ...body,
    ...norm("model.norm", hidden),
    ...(isTied ? [] : linear("lm_head", vocabulary, hidden)),
  ];
}

/** Every tensor of Gemma 3n's language model. @throws UsageError `estimate.config-incomplete` */
export function gemma3nTensors(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers");
  refuseTooMany(layers, 30);
  const perLayer = config.count("hidden_size_per_layer_input");
  const inputs = config.count("altup_num_inputs");
  const rank = config.count("laurel_rank");
  const firstShared = layers - (config.countOrNone("num_kv_shared_layers") ?? 0);
  const widths = config.numbers("intermediate_size");
  const bare = (name: string, shape: number[]): NamedShape => ({ name, shape });
  return wrapped(config, hidden, [
    ...perLayerEmbedding(config, hidden, layers, perLayer),
    ...repeated(inputs - 1, "model.altup_projections", () => [bare("weight", [hidden, hidden])]),
    ...repeated(inputs - 1, "model.altup_unembed_projections", () => [bare("weight", [hidden, hidden])]),
    ...repeated(layers, "model.layers", (layer) => [
      ...sandwich.flatMap((name) => norm(name, hidden)),
      ...attention(config, hidden, {
        heads: config.count("num_attention_heads"),
        keyValueHeads: config.count("num_key_value_heads"),
        headDim: config.count("head_dim"),
        isShared: layer >= firstShared && firstShared > 0,
        isOne: false,
      }),
      ...feedForward(hidden, widths[layer] ?? config.count("intermediate_size")),
      ...perLayerInput(hidden, perLayer),
      bare("altup.correct_output_scale", [hidden]),
      ...linear("altup.correction_coefs", inputs, inputs),
      ...linear("altup.prediction_coefs", inputs * inputs, inputs),
      ...linear("altup.modality_router", inputs, hidden),
      ...norm("altup.router_norm", hidden),
      ...linear("laurel.linear_left", rank, hidden),
      ...linear("laurel.linear_right", hidden, rank),
      ...norm("laurel.post_laurel_norm", hidden),
    ]),
  ]);
}

/** Every tensor of Gemma 4's language model. @throws UsageError `estimate.config-incomplete` */
export function gemma4Tensors(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers");
  const experts = config.flag("enable_moe_block") ? config.count("num_experts") : undefined;
  refuseTooMany(layers, 24 + 3 * (experts ?? 0));
  const perLayer = config.countOrNone("hidden_size_per_layer_input");
  const firstShared = layers - (config.countOrNone("num_kv_shared_layers") ?? 0);
  const heads = config.count("num_attention_heads");
  const width = config.count("intermediate_size");
  return wrapped(config, hidden, [
    ...(perLayer === undefined ? [] : perLayerEmbedding(config, hidden, layers, perLayer)),
    ...repeated(layers, "model.layers", (layer) => {
      const isFull = fullAttention(config, layer, layers);
      const isShared = layer >= firstShared && firstShared > 0;
      const isWide = isShared && config.flag("use_double_wide_mlp") === true;
      return [
        { name: "layer_scalar", shape: [1] },
        ...sandwich.flatMap((name) => norm(name, hidden)),
        ...attention(config, hidden, {
          heads,
          ...headsOf(config, layer, isFull),
          isShared,
          isOne: isFull && config.flag("attention_k_eq_v") === true,
        }),
        ...feedForward(hidden, isWide ? 2 * width : width),
        ...(experts === undefined ? [] : expertBlock(config, hidden, experts)),
        ...(perLayer === undefined ? [] : perLayerInput(hidden, perLayer)),
      ];
    }),
  ]);
}

/** The last layer's is never a window. */
function fullAttention(config: ConfigNumbers, layer: number, layers: number): boolean {
  const said = config.kindOf("layer_types", layer);
  return layer === layers - 1 || (said === undefined ? (layer + 1) % 6 === 0 : said === "full_attention");
}

/** Layers without a window have other heads: new files say of each layer what it has, others of all. */
function headsOf(config: ConfigNumbers, layer: number, isFull: boolean): { keyValueHeads: number; headDim: number } {
  const each: unknown = config.record.per_layer_config;
  const usual = { keyValueHeads: config.count("num_key_value_heads"), headDim: config.count("head_dim") };
  if (isRecord(each)) {
    // Written with leading zeros.
    const own = Object.entries(each).find(([key]) => Number(key) === layer)?.[1];
    const numbers = new ConfigNumbers(isRecord(own) ? own : {});
    return {
      keyValueHeads: numbers.optional("num_key_value_heads") ?? usual.keyValueHeads,
      headDim: numbers.optional("head_dim") ?? usual.headDim,
    };
  }
  if (!isFull) return usual;
  const heads = config.flag("attention_k_eq_v") ? config.optional("num_global_key_value_heads") : undefined;
  return { keyValueHeads: heads ?? usual.keyValueHeads, headDim: config.optional("global_head_dim") ?? 512 };
}

function expertBlock(config: ConfigNumbers, hidden: number, count: number): NamedShape[] {
  const width = config.count("moe_intermediate_size");
  return [
    ...linear("router.proj", count, hidden),
    { name: "router.scale", shape: [hidden] },
    { name: "router.per_expert_scale", shape: [count] },
    ...repeated(count, "experts", () => [...linears(["gate_proj", "up_proj"], width, hidden), ...linear("down_proj", hidden, width)]),
    ...["post_feedforward_layernorm_1", "post_feedforward_layernorm_2", "pre_feedforward_layernorm_2"].flatMap((name) =>
      norm(name, hidden),
    ),
  ];
}
