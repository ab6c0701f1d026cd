import { bytesPerCachedValue, type CacheShape, kvCacheBytes, stateBytes } from "./cacheShape";
import type { CacheUnknown } from "./cacheUnknown";
import { type EngineCache, engineCaches } from "./engineCache";
import { type EstimateInput, type EstimateRow, estimateSize } from "./estimateSize";
import { largestContext } from "./largestContext";
import { workingBytes, type WorkingBytes, workingMemory, type WorkingMemory } from "./workingMemory";

/** Sizes in every type, and whether each fits. */
export interface MemoryInput extends EstimateInput {
  context: number;
  sequences: number;
  /** Bytes that can be used of each device. */
  memories: readonly number[];
}

/** One type on the devices. */
export interface MemoryRow extends EstimateRow {
  /** Weights, cache and working memory, as far as they are known. */
  neededBytes: number;
  /** For each device: whether what is known fits, and the largest context that does; null where the cache is not known. */
  devices: { fits: boolean; context: number | null }[];
}

export interface MemoryReport {
  parameters: number;
  /** The model whose shapes are used. */
  shapesOf: string;
  isAssumed: boolean;
  /** Parts of a published model that are not counted. */
  uncounted: string[];
  /** Undefined where it is not known what the model caches. */
  cache?: {
    shape: CacheShape;
    bytes: number;
    bytesPerValue: number;
    /** What one more token takes, in layers without a window and in those whose window is not full. */
    bytesPerToken: number;
    /** The same in engines that keep more than is needed. */
    engines: EngineCache[];
  };
  /** Why the cache is not known, where that can be said. */
  cacheUnknown?: CacheUnknown;
  /** An approximation; undefined where it is not known. */
  working?: WorkingMemory & WorkingBytes;
  /** Tokens that the model was trained for, where it says so. */
  trainedContext?: number;
  rows: MemoryRow[];
}

/**
 * What a model needs to run, in many types: weights, KV cache, working memory, and on which devices that fits.
 *
 * @throws UsageError as `estimateSize` does
 */
export function estimateMemory(input: MemoryInput): MemoryReport {
  const { context, sequences, kvType, memories } = input;
  const { parameters, shapes, isAssumed, uncounted, rows } = estimateSize(input);
  const { cache } = shapes;
  // A stand-in's training says nothing of the model.
  const trainedContext = isAssumed ? undefined : shapes.context;
  const work = workingMemory(shapes);
  const bytesAt = (tokens: number): number => (work ? workingBytes(work, tokens, sequences).bytes : 0);
  const workBytes = bytesAt(context);
  return {
    parameters,
    shapesOf: shapes.name,
    isAssumed,
    uncounted,
    ...(cache
      ? {
          cache: {
            shape: cache,
            bytes: kvCacheBytes(cache, context, kvType, sequences),
            bytesPerValue: bytesPerCachedValue(kvType),
            bytesPerToken: kvCacheBytes(cache, 1, kvType) - stateBytes(cache),
            engines: engineCaches(cache, context, kvType, sequences),
          },
        }
      : {}),
    ...(shapes.cacheUnknown ? { cacheUnknown: shapes.cacheUnknown } : {}),
    ...(work ? { working: { ...work, ...workingBytes(work, context, sequences) } } : {}),
    ...(trainedContext === undefined ? {} : { trainedContext }),
    rows: rows.map((row): MemoryRow => {
      const neededBytes = row.totalBytes + workBytes;
      return {
        ...row,
        neededBytes,
        devices: memories.map((memory) => ({
          fits: neededBytes <= memory,
          context: cache
            ? largestContext({ cache, kvType, sequences, free: memory - row.bytes, working: bytesAt, most: trainedContext })
            : null,
        })),
      };
    }),
  };
}
