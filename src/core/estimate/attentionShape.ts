import { limits } from "../limits";
import type { RecipeTensor } from "../recipe/recipe";
import { layerOf, tensorCategory } from "../recipe/tensorCategory";
import type { Checkpoint, MetadataEntry } from "../tensor/checkpoint";

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
  /** The cache holds compressed vectors instead (multi-head latent attention): the plain formula does not apply. */
  compressed: boolean;
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
  return values.map((value) => positive(value) ?? 0);
}

/** From GGUF keys: `llama.block_count` and its like. */
async function fromMetadata(checkpoint: Checkpoint): Promise<AttentionShape> {
  const entries = new Map(checkpoint.metadata.map((entry) => [entry.key, entry]));
  const key = (name: string): MetadataEntry | undefined => entries.get(`${checkpoint.architecture ?? ""}.${name}`);
  const number = (name: string): number | undefined => positive(key(name)?.value);
  const perLayerHeads = await layerNumbers(key("attention.head_count"));
  const heads = largest(perLayerHeads);
  const hidden = number("embedding_length");
  const headDim = number("attention.key_length") ?? (hidden && heads ? hidden / heads : undefined);
  return {
    layers: number("block_count"),
    heads,
    keyValueHeads: (await layerNumbers(key("attention.head_count_kv"))) ?? perLayerHeads,
    headDim,
    valueDim: number("attention.value_length") ?? headDim,
    experts: number("expert_count"),
    compressed: number("attention.kv_lora_rank") !== undefined,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** From a Hugging Face config.json; models with several parts keep the language model's figures in `text_config`. */
function fromConfig(config: Readonly<Record<string, unknown>>): AttentionShape {
  const text = isRecord(config.text_config) ? config.text_config : config;
  const first = (...names: string[]): number | undefined => names.map((name) => positive(text[name])).find((value) => value !== undefined);
  const heads = first("num_attention_heads", "n_head");
  const hidden = first("hidden_size", "n_embd", "d_model");
  return {
    layers: first("num_hidden_layers", "n_layer", "num_layers"),
    heads,
    keyValueHeads: first("num_key_value_heads") ?? heads,
    headDim: first("head_dim") ?? (hidden && heads ? hidden / heads : undefined),
    experts: first("num_local_experts", "num_experts", "n_routed_experts"),
    compressed: first("kv_lora_rank") !== undefined,
  };
}

/** The configuration that comes with a checkpoint, in the file itself or beside it. */
export async function attentionShape(checkpoint: Checkpoint): Promise<AttentionShape> {
  if (checkpoint.format === "gguf") return fromMetadata(checkpoint);
  return checkpoint.config ? fromConfig(checkpoint.config) : { compressed: false };
}

/** Rows of every key (or value) matrix together: one layer's contribution to the cache of a token. */
function rowsOf(category: "key" | "value" | "query", tensors: readonly RecipeTensor[]): number {
  const matching = tensors.filter(
    ({ name, shape }) => layerOf(name) >= 0 && shape.length === 2 && name.endsWith(".weight") && tensorCategory(name) === category,
  );
  return matching.filter(({ name }) => !name.includes("_norm")).reduce((sum, { shape }) => sum + shape[0]!, 0);
}

/**
 * Values a KV cache keeps per token, over all layers: from the configuration, or from the rows of the key and value
 * matrices where there is none. Undefined where neither tells.
 */
export function cachedValuesPerToken(attention: AttentionShape, tensors: readonly RecipeTensor[]): number | undefined {
  if (attention.compressed) return undefined;
  const { layers, keyValueHeads, headDim } = attention;
  if (layers && keyValueHeads && headDim) {
    const heads = Array.isArray(keyValueHeads) ? keyValueHeads.reduce((sum, count) => sum + count, 0) : layers * keyValueHeads;
    return heads * (headDim + (attention.valueDim ?? headDim));
  }
  const keys = rowsOf("key", tensors);
  const values = rowsOf("value", tensors);
  return keys > 0 && values === keys ? keys + values : undefined;
}

/** Attention heads per key-value head, from the configuration or the shapes of the matrices; 1 where neither tells. */
export function groupedQueries(attention: AttentionShape, tensors: readonly RecipeTensor[]): number {
  const { heads, keyValueHeads } = attention;
  const kv = largest(keyValueHeads);
  if (heads && kv) return Math.floor(heads / kv);
  const keys = rowsOf("key", tensors);
  return keys > 0 ? Math.max(1, Math.floor(rowsOf("query", tensors) / keys)) : 1;
}
