import { type CacheGroup, type CacheShape, kvCacheBytes, stateBytes } from "./cacheShape";

/** Tokens that llama.cpp computes at once: `n_ubatch`. */
export const computedAtOnce = 512;
/** llama.cpp rounds the tokens of a cache up to a multiple of it. */
const cacheStep = 256;

/**
 * How engines keep a cache otherwise than the model needs it.
 * `padded`: llama.cpp's cache of layers with a window, see {@link paddedTokens}.
 * `wholeInLlamaCpp`: the whole context in every layer, in llama.cpp.
 * `whole`: the same in engines that use no windows.
 * `heads`: keys and values of all heads in place of compressed vectors.
 */
export type EngineCacheKind = "padded" | "wholeInLlamaCpp" | "whole" | "heads";

export interface EngineCache {
  kind: EngineCacheKind;
  bytes: number;
}

const roundedUp = (tokens: number): number => Math.ceil(tokens / cacheStep) * cacheStep;

/** Tokens that llama.cpp keeps in a layer: the window and what is computed at once. Source: `llama-kv-cache-iswa.cpp`. */
export function paddedTokens({ window }: Pick<CacheGroup, "window">, context: number): number {
  return roundedUp(Math.min(context, window === undefined ? context : window + computedAtOnce));
}

/** Bytes of the same cache in engines that keep more of it. Empty where all keep the same. */
export function engineCaches(shape: CacheShape, context: number, type?: string, sequences = 1): EngineCache[] {
  const bytes = (groups: CacheGroup[], tokens = context): number => kvCacheBytes({ kind: "heads", groups }, tokens, type, sequences);
  if (shape.expanded) return [{ kind: "heads", bytes: bytes(shape.expanded) }];
  if (!shape.groups.some(({ window }) => window !== undefined && window < context)) return [];
  const whole = shape.groups.map(({ window: _window, ...group }) => group);
  const state = stateBytes(shape, sequences);
  if (shape.wholeInLlamaCpp) return [{ kind: "wholeInLlamaCpp", bytes: bytes(whole) + state }];
  const padded = shape.groups.reduce((sum, group, index) => sum + bytes([whole[index]!], paddedTokens(group, context)), 0);
  return [
    { kind: "padded", bytes: padded + state },
    { kind: "whole", bytes: bytes(whole) + state },
  ];
}
