import { UsageError } from "../errors";
import { findDType } from "../tensor/dtype";
import type { CacheUnknown } from "./cacheUnknown";
import type { LayerStates } from "./recurrentState";
import type { LayerWindow } from "./slidingWindows";

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
  /** Of layers with a window, and of those without, where they differ from each other. */
  windowed?: Partial<CacheHeads>;
  full?: Partial<CacheHeads>;
  /** Reads all of its input at once, and keeps nothing of it. */
  cachesNothing?: boolean;
  /** Layers that keep a state, where it is known how large it is. */
  states?: LayerStates;
  /** Why it cannot be said what is cached. */
  unknown?: CacheUnknown;
}

/** What a layer caches of one token. */
export interface CacheHeads {
  /** Key-value heads; 1 where what is cached is no head's, but all heads' together. */
  heads: number;
  /** Values of one token's key, and of its value, in each head. */
  keyDim: number;
  valueDim: number;
}

/** Layers of a model that cache alike. */
export interface CacheGroup extends CacheHeads {
  /** How many. */
  layers: number;
  /** Tokens that a layer with a sliding window looks back on: it needs no more of them. */
  window?: number;
}

/**
 * What a model keeps of each token of its context. `heads`: keys and values of each head, as in multi-head, grouped-query and
 * multi-query attention. `latent`: one compressed vector and a rotated key for all heads (multi-head latent attention of
 * DeepSeek-V2, arXiv:2405.04434, section 2.1).
 */
export interface CacheShape {
  kind: "heads" | "latent";
  groups: CacheGroup[];
  /** Of `latent`: the keys and values of all heads, which engines keep that do not compute with the compressed vectors. */
  expanded?: CacheGroup[];
  /** Of `heads`: llama.cpp does not use the windows, and keeps the whole context of every layer. */
  wholeInLlamaCpp?: boolean;
  /** Layers that keep so many float32 values of each sequence, however long it is. */
  state?: { layers: number; values: number };
}

/** Layer after layer → groups of those that are alike. */
export function groupLayers(layers: readonly Omit<CacheGroup, "layers">[]): CacheGroup[] {
  const groups = new Map<string, CacheGroup>();
  for (const layer of layers) {
    // Layers without a cache, of other kinds than attention.
    if (layer.heads === 0) continue;
    const key = [layer.heads, layer.keyDim, layer.valueDim, layer.window].join();
    const group = groups.get(key);
    if (group) group.layers++;
    else groups.set(key, { layers: 1, ...layer });
  }
  return [...groups.values()];
}

/** Values that all layers of a group cache of one token. */
export function valuesPerToken({ layers, heads, keyDim, valueDim }: CacheGroup): number {
  return layers * heads * (keyDim + valueDim);
}

/** Tokens of `context` that a layer of the group keeps. */
export function keptTokens({ window }: CacheGroup, context: number): number {
  return Math.min(context, window ?? context);
}

/** Types that engines store a KV cache in; F16 is what they default to. */
export const cacheTypes = ["F32", "F16", "BF16", "Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0", "IQ4_NL", "F8_E4M3"] as const;

/** Bytes of one value in a KV cache of this type. @throws UsageError `unknown-type` */
export function bytesPerCachedValue(type = "F16"): number {
  const dtype = findDType(type.toUpperCase());
  if (!dtype || dtype.family === "integer" || dtype.family === "boolean" || dtype.family === "complex") {
    throw new UsageError("unknown-type", `A KV cache cannot be stored as "${type}". Common types: F16, BF16, Q8_0, Q4_0.`, {
      found: type,
      expected: "F16, BF16, Q8_0, Q4_0",
    });
  }
  return dtype.blockBytes / dtype.blockSize;
}

/** Bytes of the states of `sequences` contexts. */
export function stateBytes({ state }: Pick<CacheShape, "state">, sequences = 1): number {
  return state ? 4 * state.layers * state.values * sequences : 0;
}

/**
 * Bytes of the keys and values, and of the states, of `sequences` contexts of `context` tokens each: what the model needs. Engines round the number of
 * tokens up, and those that do not know sliding windows keep the whole context of every layer.
 *
 * @throws UsageError `unknown-type`
 */
export function kvCacheBytes(shape: CacheShape, context: number, type?: string, sequences = 1): number {
  const values = shape.groups.reduce((sum, group) => sum + valuesPerToken(group) * keptTokens(group, context), 0);
  return Math.ceil(values * sequences * bytesPerCachedValue(type)) + stateBytes(shape, sequences);
}
