import type { AttentionShape } from "./cacheShape";
import type { CacheUnknown } from "./cacheUnknown";
import { isEncoder, isEncoderDecoder, isStateModel } from "./modelKinds";
import { type LayerStates, statesFromConfig } from "./recurrentState";
import { isWholeInLlamaCpp, windowsFromConfig } from "./slidingWindows";
import { type Config, isRecord, textConfig } from "./textConfig";

/** Settings that only models with layers that keep a state have, in `configuration_*.py` of Mamba, Jamba, Nemotron-H, Qwen3-Next, LFM2. */
const stateSettings = [
  ...["state_size", "ssm_state_size", "ssm_cfg", "mamba_d_state", "mamba_d_ssm", "attn_layer_period", "hybrid_override_pattern"],
  ...["linear_num_key_heads", "linear_attn_config", "conv_L_cache", "lru_width"],
];

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value > 0;

/** Numbers of a configuration under the names that different models have for them. */
class NamedNumbers {
  /** A number was asked for that is there and cannot be. */
  isBroken = false;

  constructor(private readonly config: Config) {}

  /** The first of the names that there is a number under; names with `null` are passed over. */
  first(...names: string[]): number | undefined {
    for (const name of names) {
      const value = this.config[name];
      if (value === undefined || value === null || Array.isArray(value)) continue;
      if (isCount(value)) return value;
      this.isBroken = true;
    }
    return undefined;
  }

  /** The same of a list with a number for each layer; 0 where a layer has none. */
  list(...names: string[]): number[] | undefined {
    const values: unknown = names.map((name) => this.config[name]).find((value) => Array.isArray(value));
    if (!Array.isArray(values)) return undefined;
    if (values.some((value) => value !== 0 && value !== null && !isCount(value))) this.isBroken = true;
    return values.map((value: unknown) => (isCount(value) ? value : 0));
  }
}

/** Key-value heads, where a family has a rule of its own (`configuration_*.py` and `modeling_*.py` of transformers, or beside the weights). */
function headsByRule(config: Config, numbers: NamedNumbers, heads: number | undefined): number | number[] | undefined {
  const { model_type: type } = config;
  // Old files of Falcon call it so; `num_kv_heads` counts only in the new architecture, or where heads share nothing.
  if (type === "falcon" || type === "RefinedWeb" || type === "RefinedWebModel") {
    const old = numbers.first("n_head_kv");
    if (old !== undefined) return old;
    const isShared = config.multi_query !== false && config.new_decoder_architecture !== true;
    return isShared ? 1 : (numbers.first("num_kv_heads") ?? heads);
  }
  if (type === "gpt_bigcode") return config.multi_query === false ? heads : 1;
  if (config.multi_query_attention === true) return numbers.first("multi_query_group_num");
  if (Array.isArray(config.block_configs)) return headsOfBlocks(config.block_configs, heads);
  if (isRecord(config.attn_config)) {
    const own = new NamedNumbers(config.attn_config).first("kv_n_heads");
    return own ?? (config.attn_config.attn_type === "multiquery_attention" ? 1 : undefined);
  }
  return undefined;
}

/** DeciLM (Llama-Nemotron): each block says how many query heads share a key-value head, or that it has no attention. */
function headsOfBlocks(blocks: readonly unknown[], heads: number | undefined): number[] | undefined {
  if (heads === undefined) return undefined;
  return blocks.map((block) => {
    const attention = isRecord(block) && isRecord(block.attention) ? block.attention : {};
    return isCount(attention.n_heads_in_group) ? Math.floor(heads / attention.n_heads_in_group) : 0;
  });
}

/** Layers that look at a picture's tokens instead of the text's keep nothing of the text (Llama 3.2 Vision). */
function withoutCrossLayers(
  heads: number | number[] | undefined,
  layers: number | undefined,
  cross: unknown,
): number | number[] | undefined {
  if (!Array.isArray(cross) || !layers || heads === undefined || layers > 10_000) return heads;
  const each = Array.isArray(heads) ? heads : Array.from({ length: layers }, () => heads);
  return each.map((count, layer) => (cross.includes(layer) ? 0 : count));
}

/** What Gemma 4's layers without a window have of their own, where it is the same of all and nothing but their heads. */
function likeEachOther(layers: unknown): Config | undefined {
  if (!isRecord(layers)) return undefined;
  const [first, ...others] = Object.values(layers);
  const isOfHeads = isRecord(first) && Object.keys(first).every((key) => key === "head_dim" || key === "num_key_value_heads");
  return isOfHeads && others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined;
}

/** Families whose layers without a window have other heads than those with one. */
function unlikeHeads(config: Config, numbers: NamedNumbers): Pick<AttentionShape, "full" | "windowed"> {
  const own = likeEachOther(config.per_layer_config);
  if (own) {
    const [heads, dim] = [new NamedNumbers(own).first("num_key_value_heads"), new NamedNumbers(own).first("head_dim")];
    return { full: { ...(dim ? { keyDim: dim, valueDim: dim } : {}), ...(heads ? { heads } : {}) } };
  }
  if (config.model_type === "gemma4_text") {
    const dim = numbers.first("global_head_dim") ?? 512;
    const heads = config.attention_k_eq_v === true ? numbers.first("num_global_key_value_heads") : undefined;
    return { full: { keyDim: dim, valueDim: dim, ...(heads ? { heads } : {}) } };
  }
  const [heads, keyDim] = [numbers.first("swa_num_key_value_heads"), numbers.first("swa_head_dim")];
  const valueDim = numbers.first("swa_v_head_dim") ?? keyDim;
  return heads && keyDim && valueDim ? { windowed: { heads, keyDim, valueDim } } : {};
}

/** What `layer_types` calls layers with a state: linear_attention, mamba, conv, recurrent … Any other name is of no known kind. */
const stateType = /linear|mamba|conv|recurrent|ssm|delta/;

function keepsState(config: Config): boolean {
  const types: unknown = config.layer_types;
  if (Array.isArray(types)) return types.some((type) => typeof type === "string" && stateType.test(type));
  // MiniMax-Text-01: 0 is linear attention.
  if (Array.isArray(config.attn_type_list)) return config.attn_type_list.some((type) => type !== 1);
  return stateSettings.some((name) => config[name] !== undefined && config[name] !== null);
}

function unknownOf(config: Config, text: Config, numbers: NamedNumbers, states: LayerStates | undefined): CacheUnknown | undefined {
  const family = familyOf(text) ?? familyOf(config) ?? "";
  if (isEncoderDecoder(family) || text.is_encoder_decoder === true || config.is_encoder_decoder === true) return "encoderDecoder";
  if (!states && (isStateModel(family) || keepsState(text))) return "state";
  if (isCount(text.index_head_dim)) return "index";
  return numbers.isBroken || !knowsLayers(text) || typeof text.sliding_window === "string" ? "numbers" : undefined;
}

/** Whether layers have only such settings of their own as are read: those without a window, all the same. */
function knowsLayers({ per_layer_config: each, layer_types: types }: Config): boolean {
  if (each === undefined || each === null) return true;
  if (!likeEachOther(each) || !isRecord(each) || !Array.isArray(types)) return false;
  const own = new Set(Object.keys(each).map(Number));
  return types.every((type, layer) => own.has(layer) === (type === "full_attention"));
}

/** Reads all of its input at once. A BERT that is a decoder does not, a Gemma 3 that embeds does. */
function isBidirectional(config: Config, text: Config): boolean {
  const both: unknown = text.use_bidirectional_attention;
  return both === true || both === "all" || (isEncoder(familyOf(text) ?? familyOf(config) ?? "") && text.is_decoder !== true);
}

const familyOf = ({ model_type: type }: Config): string | undefined => (typeof type === "string" ? type : undefined);

/** What the values that multi-head latent attention keeps are. @param heads of the queries */
function latentOf(config: Config, heads: number | undefined): AttentionShape["latent"] {
  const numbers = new NamedNumbers(config);
  const rank = isCount(config.kv_lora_rank) && config.use_mla !== false ? config.kv_lora_rank : undefined;
  if (rank === undefined) return undefined;
  const rotated = numbers.first("qk_rope_head_dim");
  const [plain, valueDim] = [numbers.first("qk_nope_head_dim"), numbers.first("v_head_dim")];
  return {
    ...(rotated ? { values: rank + rotated } : {}),
    ...(heads && rotated && plain && valueDim ? { expanded: { heads, keyDim: plain + rotated, valueDim } } : {}),
  };
}

/** What the config.json of a Hugging Face model says. */
export function attentionFromConfig(config: Config): AttentionShape {
  const text = textConfig(config);
  const numbers = new NamedNumbers(text);
  const perLayer = numbers.list("num_attention_heads", "num_query_heads");
  const heads =
    numbers.first("num_attention_heads", "n_head", "n_heads", "num_heads", "attention_heads") ??
    perLayer?.reduce((a, b) => Math.max(a, b), 0);
  const hidden = numbers.first("hidden_size", "n_embd", "n_embed", "d_model", "model_dim");
  const headDim = numbers.first("head_dim", "kv_channels") ?? (hidden && heads ? Math.floor(hidden / heads) : undefined);
  const halves = text.model_type === "longcat_flash" ? numbers.first("num_layers") : undefined;
  const listed: unknown = text.layers_block_type;
  const layers =
    numbers.first("num_hidden_layers") ??
    // Nemotron-H of new files.
    (Array.isArray(listed) && listed.length > 0 ? listed.length : undefined) ??
    // LongCat-Flash: two attentions in each layer.
    (halves ? 2 * halves : numbers.first("n_layer", "n_layers", "num_layers", "num_transformer_layers"));
  const keyValueHeads =
    headsByRule(text, numbers, heads) ??
    numbers.list("num_key_value_heads", "num_key_value_heads_per_layer", "num_kv_heads") ??
    numbers.first("num_key_value_heads", "num_kv_heads", "n_head_kv", "num_attention_groups") ??
    (text.multi_query === true ? 1 : (perLayer ?? heads));
  const valueDim = numbers.first("v_head_dim") ?? headDim;
  const optional = new NamedNumbers(text);
  const latent = latentOf(text, heads);
  const unlike = unlikeHeads(text, numbers);
  const states = keepsState(text) ? statesFromConfig(text) : undefined;
  const unknown = unknownOf(config, text, numbers, states);
  return {
    layers,
    heads,
    keyValueHeads: withoutCrossLayers(keyValueHeads, layers, text.cross_attention_layers),
    headDim,
    valueDim,
    ...unlike,
    experts: optional.first("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"),
    expertsUsed: optional.first("num_experts_per_tok", "experts_per_token", "num_experts_per_token", "moe_topk", "moe_k"),
    context: optional.first(
      "max_position_embeddings",
      "n_positions",
      "max_seq_len",
      "max_sequence_length",
      "seq_length",
      "max_context_length",
    ),
    window: windowsFromConfig(text),
    wholeInLlamaCpp: isWholeInLlamaCpp(text),
    sharedLayers: optional.first("num_kv_shared_layers"),
    ...(latent ? { latent } : {}),
    ...(states ? { states } : {}),
    ...(unknown ? { unknown } : isBidirectional(config, text) ? { cachesNothing: true } : {}),
  };
}
