import { limits } from "../limits";
import type { RecipeTensor } from "../recipe/recipe";
import { layerOf, tensorCategory } from "../recipe/tensorCategory";
import type { Checkpoint, MetadataEntry } from "../tensor/checkpoint";
import { type CacheShape, groupLayers } from "./cacheShape";
import { type LayerWindow, windowsFromConfig, windowsFromGguf } from "./slidingWindows";

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
  /** Tokens that it was trained to use. */
  context?: number;
  /** Which layers look back on part of the context only; null for those that are no attention. */
  window: LayerWindow;
  /** The cache holds compressed vectors instead, of so many values a layer (multi-head latent attention). */
  latent?: { values?: number };
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
  return {
    layers: number("block_count"),
    heads,
    keyValueHeads: (await layerNumbers(key("attention.head_count_kv"))) ?? perLayerHeads,
    headDim,
    valueDim: number("attention.value_length") ?? headDim,
    experts: number("expert_count"),
    context: number("context_length"),
    window: windowsFromGguf(architecture, number("attention.sliding_window"), await layerNumbers(key("attention.sliding_window_pattern"))),
    ...(rank ? { latent: { values: rotated && rank + rotated } } : {}),
  };
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
  const rank = first("kv_lora_rank");
  const rotated = first("qk_rope_head_dim");
  return {
    layers: first("num_hidden_layers", "n_layer", "num_layers"),
    heads,
    keyValueHeads: first("num_key_value_heads") ?? heads,
    headDim: first("head_dim") ?? (hidden && heads ? hidden / heads : undefined),
    experts: first("num_local_experts", "num_experts", "n_routed_experts"),
    context: first("max_position_embeddings", "n_positions"),
    window: windowsFromConfig(text),
    ...(rank ? { latent: { values: rotated && rank + rotated } } : {}),
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
  const { layers, keyValueHeads, headDim, latent, window } = attention;
  // A damaged configuration can say anything.
  if (layers !== undefined && layers > limits.tensors) return undefined;
  if (latent) {
    if (!layers || latent.values === undefined) return undefined;
    return { kind: "latent", groups: [{ layers, heads: 1, keyDim: latent.values, valueDim: 0 }] };
  }
  if (layers && keyValueHeads && headDim) {
    const windows = Array.from({ length: layers }, (_, layer) => window(layer));
    if (windows.includes(null)) return undefined;
    const each = windows.map((tokens, layer) => ({
      heads: Array.isArray(keyValueHeads) ? (keyValueHeads[layer] ?? 0) : keyValueHeads,
      keyDim: headDim,
      valueDim: attention.valueDim ?? headDim,
      ...(tokens ? { window: tokens } : {}),
    }));
    return { kind: "heads", groups: groupLayers(each) };
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
