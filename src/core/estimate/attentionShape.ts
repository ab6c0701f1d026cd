import { limits } from "../limits";
import type { RecipeTensor } from "../recipe/recipe";
import { layerOf, tensorCategory } from "../recipe/tensorCategory";
import type { Checkpoint, MetadataEntry } from "../tensor/checkpoint";
import { type AttentionShape, type CacheShape, groupLayers } from "./cacheShape";
import type { CacheUnknown } from "./cacheUnknown";
import { attentionFromConfig } from "./configAttention";
import { isEncoder, isEncoderDecoder, isStateModel } from "./modelKinds";
import { statesFromGguf } from "./recurrentState";
import { windowsFromGguf } from "./slidingWindows";

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
  const headDim = number("attention.key_length") ?? (hidden && heads ? Math.floor(hidden / heads) : undefined);
  const rank = number("attention.kv_lora_rank");
  const rotated = number("rope.dimension_count");
  // llama.cpp compresses for files with both (`llama_hparams::is_mla`). Those made before April 2025 have neither: it keeps all heads.
  const [keyDim, valueDim] = [number("attention.key_length_mla"), number("attention.value_length_mla")];
  const [windowKey, windowValue] = [number("attention.key_length_swa"), number("attention.value_length_swa")];
  const slidingWindow = key("attention.sliding_window")?.value;
  const keyValueHeads = (await layerNumbers(key("attention.head_count_kv"))) ?? perLayerHeads;
  const states = statesFromGguf(architecture, number, keyValueHeads);
  const unknown = unknownFromMetadata(checkpoint, states !== undefined, number("attention.indexer.key_length") !== undefined);
  return {
    layers: number("block_count"),
    heads,
    keyValueHeads,
    headDim,
    valueDim: number("attention.value_length") ?? headDim,
    ...(windowKey ? { windowed: { keyDim: windowKey, valueDim: windowValue ?? windowKey } } : {}),
    experts: number("expert_count"),
    expertsUsed: number("expert_used_count"),
    context: number("context_length"),
    window: windowsFromGguf(
      architecture,
      slidingWindow === 0 ? 0 : positive(slidingWindow),
      await layerNumbers(key("attention.sliding_window_pattern")),
    ),
    sharedLayers: number("attention.shared_kv_layers"),
    ...(rank && keyDim && valueDim
      ? { latent: { ...(rotated ? { values: rank + rotated } : {}), ...(heads ? { expanded: { heads, keyDim, valueDim } } : {}) } }
      : {}),
    ...(states ? { states } : {}),
    ...(unknown ? { unknown } : isEncoder(architecture) ? { cachesNothing: true } : {}),
  };
}

function unknownFromMetadata(
  { architecture = "", metadata }: Checkpoint,
  knowsStates: boolean,
  hasIndex: boolean,
): CacheUnknown | undefined {
  if (isEncoderDecoder(architecture)) return "encoderDecoder";
  if (
    !knowsStates &&
    (isStateModel(architecture) || metadata.some(({ key }) => stateKeys.some((part) => key.startsWith(`${architecture}.${part}.`))))
  )
    return "state";
  return hasIndex ? "index" : undefined;
}

/** Keys of GGUF files some of whose layers keep a state: `jamba.ssm.state_size`. Source: llama.cpp `llama-arch.cpp`. */
const stateKeys = ["ssm", "wkv", "shortconv", "kda", "token_shift"];

/** The configuration that comes with a checkpoint, in the file itself or beside it. */
export async function attentionShape(checkpoint: Checkpoint): Promise<AttentionShape> {
  if (checkpoint.format === "gguf") return fromMetadata(checkpoint);
  return checkpoint.config ? attentionFromConfig(checkpoint.config) : { window: () => undefined };
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
  const { layers, keyValueHeads, headDim, latent, window, states, sharedLayers = 0 } = attention;
  // A damaged configuration can say anything.
  if (attention.unknown || (layers !== undefined && layers > limits.tensors)) return undefined;
  if (attention.cachesNothing) return { kind: "heads", groups: [] };
  if (latent) {
    if (!layers || latent.values === undefined) return undefined;
    const expanded = latent.expanded ? { expanded: [{ layers, ...latent.expanded }] } : {};
    return { kind: "latent", groups: [{ layers, heads: 1, keyDim: latent.values, valueDim: 0 }], ...expanded };
  }
  const hasAttention = (layer: number): boolean => states?.hasAttention(layer) ?? true;
  const all = Array.from({ length: layers ?? 0 }, (_, layer) => layer);
  const state = states ? { state: { layers: all.filter((layer) => states.hasState(layer)).length, values: states.values } } : {};
  if (states && layers && !all.some(hasAttention)) return { kind: "heads", groups: [], ...state };
  if (layers && keyValueHeads && headDim) {
    const windows = all.slice(0, Math.max(0, layers - sharedLayers)).map((layer) => (hasAttention(layer) ? window(layer) : undefined));
    if (windows.includes(null)) return undefined;
    const each = windows.map((tokens, layer) => ({
      heads: !hasAttention(layer) ? 0 : Array.isArray(keyValueHeads) ? (keyValueHeads[layer] ?? 0) : keyValueHeads,
      keyDim: headDim,
      valueDim: attention.valueDim ?? headDim,
      ...(tokens ? { ...attention.windowed, window: tokens } : attention.full),
    }));
    const isWhole = attention.wholeInLlamaCpp === true && each.some((layer) => "window" in layer);
    return { kind: "heads", groups: groupLayers(each), ...(isWhole ? { wholeInLlamaCpp: true } : {}), ...state };
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
