import { type CacheShape, kvCacheBytes } from "./cacheShape";

/** Engines give a context in steps of so many tokens. */
const step = 256;
/** A context that no model was trained for; the search ends there. */
export const endlessContext = 2 ** 27;

export interface ContextQuestion {
  cache: CacheShape;
  kvType?: string;
  sequences: number;
  /** Bytes that are free beside the weights. */
  free: number;
  /** Bytes of working memory for so many tokens of context. */
  working(context: number): number;
  /** The longest context that makes sense: what the model was trained for. */
  most?: number;
}

/**
 * The largest context whose cache and working memory fit, in steps of 256 tokens; `most` where everything up to it fits.
 * 0 where not even one step does.
 */
export function largestContext({ cache, kvType, sequences, free, working, most = endlessContext }: ContextQuestion): number {
  const fits = (context: number): boolean => kvCacheBytes(cache, context, kvType, sequences) + working(context) <= free;
  if (fits(most)) return most;
  let low = 0;
  let high = Math.ceil(most / step);
  // Needs grow with the context: `low` steps fit, `high` do not.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle * step)) low = middle;
    else high = middle;
  }
  return low * step;
}
