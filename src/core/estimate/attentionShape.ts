import { limits } from "../limits";
import type { RecipeTensor } from "../recipe/recipe";
import { layerOf, tensorCategory } from "../recipe/tensorCategory";
import type { Checkpoint, MetadataEntry } from "../tensor/checkpoint";
import { type CacheHeads, type CacheShape, groupLayers } from "./cacheShape";
import { isWholeInLlamaCpp, type LayerWindow, windowsFromConfig, windowsFromGguf } from "./slidingWindows";

/** What a model's configuration says that sizes and recipes depend on. Undefined where it says nothing. */
export interface AttentionShape {
  layers?: number;
  heads?: number;
  /** Key-value heads of each layer, or of all. */
  keyValueHeads?: number | number[];
  headDim?: number;
  /** Dimension of a value head where it differs from a key head's. */
  valueDim?: number;
  experts?: number;
  /** Experts that each token passes through. */
  expertsUsed?: number;
  /** Tokens that it was trained to use. */
  context?: number;
  /** Which layers look back on part of the context only; null for those that are no attention. */
  window: LayerWindow;
  /** llama.cpp does not use these windows. */
  wholeInLlamaCpp?: boolean;
  /** The last layers that read the keys and values of earlier ones, and keep none of their own (Gemma 3n). */
  sharedLayers?: number;
  /** The cache holds compressed vectors instead, of so many values a layer (multi-head latent attention). */
  latent?: { values?: number; expanded?: CacheHeads };
  /** Some layers keep a state of fixed size instead of keys and values: state-space models, linear attention, convolutions. */
  keepsState?: boolean;
}

function positive(value: unknown): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

function largest(numbers: number | number[] | undefined): number | undefined {
  return Array.isArray(numbers) ? numbers.reduce((most, number) => Math.max(most, number), 0) : numbers;
}

async function layerNumbers(entry: MetadataEntry | undefined): Promise<number | number[] | undefined> {
  if (!entry?.read || entry.length === undefined) return positive(entry?.value);
  const values = await entry.read(0, Math.min(entry.length, limits.tensors));
  return values.map((value) => (value === true ? 1 : (positive(value) ?? 0)));
}

/** From GGUF keys: `llama.block_count` and its like. */
async function fromMetadata(checkpoint: Checkpoint): Promise<AttentionShape> {
  const { architecture = "" } = checkpoint;
  const entries = new Map(checkpoint.metadata.map((entry) => [entry.key, entry]));
  const key = (name: string): MetadataEntry | undefined => entries.get(`${architecture}.${name}`);
  const number = (name: string): number | undefined => positive(key(name)?.value);
  const perLayerHeads = await layerNumbers(key("attention.head_count"));
  const heads = largest(perLayerHeads);
  const hidden = number("embedding_length");
  const headDim = number("attention.key_length") ?? (hidden && heads ? hidden / heads : undefined);
  const rank = number("attention.kv_lora_rank");
  const rotated = number("rope.dimension_count");
  // llama.cpp compresses for files with both (`llama_hparams::is_mla`). Those made before April 2025 have neither: it keeps all heads.
  const [keyDim, valueDim] = [number("attention.key_length_mla"), number("attention.value_length_mla")];
  return {
    layers: number("block_count"),
    heads,
    keyValueHeads: (await layerNumbers(key("attention.head_count_kv"))) ?? perLayerHeads,
    headDim,
    valueDim: number("attention.value_length") ?? headDim,
    experts: number("expert_count"),
    expertsUsed: number("expert_used_count"),
    context: number("context_length"),
    window: windowsFromGguf(architecture, number("attention.sliding_window"), await layerNumbers(key("attention.sliding_window_pattern"))),
    sharedLayers: number("attention.shared_kv_layers"),
    ...(rank && keyDim && valueDim
      ? { latent: latent(rank, rotated, key("attention.indexer.key_length")?.value, heads ? { heads, keyDim, valueDim } : undefined) }
      : {}),
    keepsState: checkpoint.metadata.some(({ key: name }) => stateKeys.some((part) => name.startsWith(`${architecture}.${part}.`))),
  };
}

/** Keys of GGUF files some of whose layers keep a state: `jamba.ssm.state_size`. Source: llama.cpp `llama-arch.cpp`. */
const stateKeys = ["ssm", "wkv", "shortconv", "kda", "token_shift"];

/** What a config.json says of such layers, in transformers' `configuration_*.py` of Mamba, Jamba, Nemotron-H, Qwen3-Next, LFM2. */
const stateSettings = [
  ...["state_size", "ssm_state_size", "mamba_d_state", "mamba_d_ssm", "attn_layer_period", "hybrid_override_pattern"],
  ...["linear_num_key_heads", "linear_attn_config", "conv_L_cache"],
];

/** @param indexer present where a sparse attention caches more (DeepSeek-V3.2), of which nothing is known here */
function latent(rank: number, rotated: number | undefined, indexer: unknown, expanded: CacheHeads | undefined): AttentionShape["latent"] {
  const values = rotated === undefined || positive(indexer) ? undefined : rank + rotated;
  return { values, ...(expanded ? { expanded } : {}) };
}

type Config = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The language model's part of a config.json: models with several parts keep its figures in `text_config`. */
export function textConfig(config: Config): Config {
  return isRecord(config.text_config) ? config.text_config : config;
}

function fromConfig(config: Config): AttentionShape {
  const text = textConfig(config);
  const first = (...names: string[]): number | undefined => names.map((name) => positive(text[name])).find((value) => value !== undefined);
  const heads = first("num_attention_heads", "n_head");
  const hidden = first("hidden_size", "n_embd", "d_model");
  const rank = text.use_mla === false ? undefined : first("kv_lora_rank");
  const rotated = first("qk_rope_head_dim");
  const [plain, valueDim] = [first("qk_nope_head_dim"), first("v_head_dim")];
  const expanded = heads && rotated && plain && valueDim ? { heads, keyDim: plain + rotated, valueDim } : undefined;
  const headDim = first("head_dim") ?? (hidden && heads ? hidden / heads : undefined);
  return {
    layers: first("num_hidden_layers", "n_layer", "num_layers"),
    heads,
    // Falcon and StarCoder say so of a single head.
    keyValueHeads: first("num_key_value_heads", "num_kv_heads", "n_head_kv") ?? (text.multi_query === true ? 1 : heads),
    headDim,
    valueDim: valueDim ?? headDim,
    experts: first("num_local_experts", "num_experts", "n_routed_experts"),
    expertsUsed: first("num_experts_per_tok", "experts_per_token"),
    context: first("max_position_embeddings", "n_positions"),
    window: windowsFromConfig(text),
    wholeInLlamaCpp: isWholeInLlamaCpp(text),
    sharedLayers: first("num_kv_shared_layers"),
    ...(rank ? { latent: latent(rank, rotated, text.index_head_dim, expanded) } : {}),
    keepsState: stateSettings.some((name) => text[name] !== undefined && text[name] !== null),
  };
}

/** The configuration that comes with a checkpoint, in the file itself or beside it. */
export async function attentionShape(checkpoint: Checkpoint): Promise<AttentionShape> {
  if (checkpoint.format === "gguf") return fromMetadata(checkpoint);
  return checkpoint.config ? fromConfig(checkpoint.config) : { window: () => undefined };
}

/** Rows of every key (or value) matrix together: one layer's contribution to the cache of a token. */
function rowsOf(category: "key" | "value" | "query", tensors: readonly RecipeTensor[]): number {
  const matching = tensors.filter(
    ({ name, shape }) => layerOf(name) >= 0 && shape.length === 2 && name.endsWith(".weight") && tensorCategory(name) === category,
  );
  return matching.filter(({ name }) => !name.includes("_norm")).reduce((sum, { shape }) => sum + shape[0]!, 0);
}

/**
 * What a model caches: from the configuration, or from the rows of the key and value matrices where there is none. Undefined
 * where neither tells, and for models some of whose layers keep something else than keys and values.
 */
export function cacheShape(attention: AttentionShape, tensors: readonly RecipeTensor[]): CacheShape | undefined {
  const { layers, keyValueHeads, headDim, latent, window, sharedLayers = 0 } = attention;
  // A damaged configuration can say anything.
  if (attention.keepsState || (layers !== undefined && layers > limits.tensors)) return undefined;
  if (latent) {
    if (!layers || latent.values === undefined) return undefined;
    const expanded = latent.expanded ? { expanded: [{ layers, ...latent.expanded }] } : {};
    return { kind: "latent", groups: [{ layers, heads: 1, keyDim: latent.values, valueDim: 0 }], ...expanded };
  }
  if (layers && keyValueHeads && headDim) {
    const windows = Array.from({ length: Math.max(0, layers - sharedLayers) }, (_, layer) => window(layer));
    if (windows.includes(null)) return undefined;
    const each = windows.map((tokens, layer) => ({
      heads: Array.isArray(keyValueHeads) ? (keyValueHeads[layer] ?? 0) : keyValueHeads,
      keyDim: headDim,
      valueDim: attention.valueDim ?? headDim,
      ...(tokens ? { window: tokens } : {}),
    }));
    const isWhole = attention.wholeInLlamaCpp === true && each.some((layer) => "window" in layer);
    return { kind: "heads", groups: groupLayers(each), ...(isWhole ? { wholeInLlamaCpp: true } : {}) };
  }
  const keys = rowsOf("key", tensors);
  const values = rowsOf("value", tensors);
  return keys > 0 && values === keys ? { kind: "heads", groups: [{ layers: 1, heads: 1, keyDim: keys, valueDim: values }] } : undefined;
}

/** Attention heads per key-value head, from the configuration or the shapes of the matrices; 1 where neither tells. */
export function groupedQueries(attention: AttentionShape, tensors: readonly RecipeTensor[]): number {
  const { heads, keyValueHeads } = attention;
  const kv = largest(keyValueHeads);
  if (heads && kv) return Math.floor(heads / kv);
  const keys = rowsOf("key", tensors);
  return keys > 0 ? Math.max(1, Math.floor(rowsOf("query", tensors) / keys)) : 1;
}
