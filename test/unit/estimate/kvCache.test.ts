import assert from "node:assert/strict";
import { type CacheShape, groupLayers, kvCacheBytes } from "../../../src/core/estimate/cacheShape";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { engineCaches, paddedTokens } from "../../../src/core/estimate/engineCache";
import { endlessContext, largestContext } from "../../../src/core/estimate/largestContext";
import { shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import { windowsFromConfig, windowsFromGguf } from "../../../src/core/estimate/slidingWindows";
import type { MetadataEntry } from "../../../src/core/tensor/checkpoint";
import { deepseek, gemma2, gptOss, llama3 } from "../../support/modelConfigs";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

async function cacheOf(config: Record<string, unknown>): Promise<CacheShape> {
  const { cache } = configuredModel(config, "model").shapes;
  assert.ok(cache);
  return cache;
}

/** Windows of the first layers. */
const windows = (config: Record<string, unknown>, layers: number) =>
  Array.from({ length: layers }, (_, layer) => windowsFromConfig(config)(layer));

describe("KV cache", () => {
  it("Llama-3-8B at 8192 tokens: 1 GiB in F16, and in proportion in other types and for more contexts", async () => {
    const cache = await cacheOf(llama3);
    assert.equal(kvCacheBytes(cache, 8192, "F16"), 1 * GiB);
    assert.equal(kvCacheBytes(cache, 8192, "q8_0"), (1 * GiB * 34) / 32 / 2);
    assert.equal(kvCacheBytes(cache, 8192, "Q4_0"), (1 * GiB * 18) / 32 / 2);
    assert.equal(kvCacheBytes(cache, 8192, "F16", 4), 4 * GiB);
    // 2 · 32 layers · 8 heads · 128 · 2 bytes
    assert.equal(kvCacheBytes(cache, 1), 131_072);
  });

  it("multi-head and multi-query attention by their number of heads", async () => {
    assert.equal(kvCacheBytes(await cacheOf({ ...llama3, num_key_value_heads: undefined }), 8192), 4 * GiB);
    assert.equal(kvCacheBytes(await cacheOf({ ...llama3, num_key_value_heads: 1 }), 8192), GiB / 8);
  });

  it("Gemma 2 keeps no more than its window in every other layer", async () => {
    const cache = await cacheOf(gemma2);
    const layer = 2 * 8 * 256 * 2;
    assert.equal(kvCacheBytes(cache, 8192), 21 * layer * 8192 + 21 * layer * 4096);
    assert.equal(kvCacheBytes(cache, 4096), 42 * layer * 4096);
    assert.equal(kvCacheBytes(cache, 8192, "F16", 3), 3 * kvCacheBytes(cache, 8192));
  });

  it("DeepSeek-V2 keeps 512 + 64 values of a token in each layer", async () => {
    const cache = await cacheOf(deepseek);
    assert.deepEqual(cache.groups, [{ layers: 60, heads: 1, keyDim: 576, valueDim: 0 }]);
    assert.equal(kvCacheBytes(cache, 32_768), 60 * 576 * 2 * 32_768);
    // 128 heads with keys of 128 + 64 and values of 128, where they are not compressed: 71 times as much.
    assert.deepEqual(engineCaches(cache, 32_768), [{ kind: "heads", bytes: 60 * 128 * (192 + 128) * 2 * 32_768 }]);
  });

  it("reads latent attention and windows off GGUF keys", async () => {
    const shapes = async (architecture: string, keys: Record<string, number>) => {
      const metadata = Object.entries(keys).map(([key, value]): MetadataEntry => ({ key: `${architecture}.${key}`, type: "u32", value }));
      const none = { files: [], tensors: [], warnings: [], close: () => Promise.resolve() };
      return shapesFromCheckpoint({ format: "gguf", name: "model", architecture, metadata, ...none });
    };
    const latent = { block_count: 27, "attention.kv_lora_rank": 512, "rope.dimension_count": 64, "attention.head_count": 16 };
    const mla = { ...latent, "attention.head_count_kv": 1, "attention.key_length": 576, "attention.value_length": 512 };
    const both = { "attention.key_length_mla": 192, "attention.value_length_mla": 128 };
    assert.deepEqual((await shapes("deepseek2", { ...mla, ...both })).cache, {
      kind: "latent",
      groups: [{ layers: 27, heads: 1, keyDim: 576, valueDim: 0 }],
      expanded: [{ layers: 27, heads: 16, keyDim: 192, valueDim: 128 }],
    });
    // What DeepSeek-V3.2 caches for its sparse attention is not counted, so nothing is.
    assert.equal((await shapes("deepseek2", { ...mla, ...both, "attention.indexer.key_length": 128 })).cache, undefined);
    // Files made before llama.cpp compressed: it keeps every head.
    const before = { ...latent, "attention.head_count_kv": 16, "attention.key_length": 192, "attention.value_length": 128 };
    assert.deepEqual((await shapes("deepseek2", before)).cache, {
      kind: "heads",
      groups: [{ layers: 27, heads: 16, keyDim: 192, valueDim: 128 }],
    });
    const gemma = {
      ...{ block_count: 12, embedding_length: 1152, context_length: 32_768, "attention.head_count": 4, "attention.head_count_kv": 1 },
      ...{ "attention.key_length": 256, "attention.value_length": 256, "attention.sliding_window": 512 },
    };
    const { cache, context } = await shapes("gemma3", gemma);
    assert.equal(context, 32_768);
    assert.deepEqual(cache?.groups, [
      { layers: 10, heads: 1, keyDim: 256, valueDim: 256, window: 512 },
      { layers: 2, heads: 1, keyDim: 256, valueDim: 256 },
    ]);
  });

  it("knows the windows of each family, and the list of the config.json before them", () => {
    const sliding_window = 64;
    assert.deepEqual(windows({ model_type: "mistral", sliding_window }, 2), [64, 64]);
    assert.deepEqual(windows({ model_type: "mistral", sliding_window: null }, 2), [undefined, undefined]);
    assert.deepEqual(windows({ model_type: "llama", sliding_window }, 2), [undefined, undefined]);
    assert.deepEqual(windows({ model_type: "gemma3_text", sliding_window, sliding_window_pattern: 3 }, 6), [
      64,
      64,
      undefined,
      64,
      64,
      undefined,
    ]);
    assert.deepEqual(windows({ model_type: "qwen2", sliding_window, use_sliding_window: false, max_window_layers: 1 }, 2), [
      undefined,
      undefined,
    ]);
    assert.deepEqual(windows({ model_type: "qwen2", sliding_window, use_sliding_window: true, max_window_layers: 1 }, 2), [undefined, 64]);
    const layer_types = ["full_attention", "sliding_attention", "linear_attention"];
    assert.deepEqual(windows({ model_type: "gemma2", sliding_window, layer_types }, 3), [undefined, 64, null]);
    assert.deepEqual([0, 1].map(windowsFromGguf("other", 8, [1, 0])), [8, undefined]);
    // llama.cpp keeps the whole context of Mistral and Phi-3.
    assert.deepEqual([0, 1].map(windowsFromGguf("llama", 8, undefined)), [undefined, undefined]);
    assert.deepEqual([0, 1].map(windowsFromGguf("phi3", 8, undefined)), [undefined, undefined]);
  });

  it("gpt-oss-20b at 131072 tokens: the cells and MiB that llama.cpp reports", async () => {
    const cache = await cacheOf(gptOss);
    assert.deepEqual(cache.groups, [
      { layers: 12, heads: 8, keyDim: 64, valueDim: 64, window: 128 },
      { layers: 12, heads: 8, keyDim: 64, valueDim: 64 },
    ]);
    assert.equal(kvCacheBytes(cache, 131_072), (3072 + 3) * MiB);
    // "creating SWA KV cache, size = 768 cells", "size = 3072.00 MiB (131072 cells, 12 layers)", "size = 18.00 MiB (768 cells, 12 layers)"
    assert.equal(paddedTokens({ window: 128 }, 131_072), 768);
    assert.deepEqual(engineCaches(cache, 131_072), [
      { kind: "padded", bytes: (3072 + 18) * MiB },
      { kind: "whole", bytes: 2 * 3072 * MiB },
    ]);
  });

  it("is the same in every engine while no window is full, and without windows", async () => {
    assert.deepEqual(engineCaches(await cacheOf(gemma2), 4096), []);
    assert.deepEqual(engineCaches(await cacheOf(llama3), 8192), []);
    const [padded, whole] = engineCaches(await cacheOf(gemma2), 8192, "F16", 2);
    const layer = 2 * 8 * 256 * 2;
    assert.deepEqual(padded, { kind: "padded", bytes: 2 * 21 * layer * (8192 + 4096 + 512) });
    assert.deepEqual(whole, { kind: "whole", bytes: 2 * 42 * layer * 8192 });
  });

  it("Mistral-7B-v0.1 at 32768 tokens: 512 MiB by its windows, 4 GiB in llama.cpp, which does not use them", async () => {
    const mistral = { ...llama3, model_type: "mistral", vocab_size: 32000, sliding_window: 4096 };
    const cache = await cacheOf(mistral);
    assert.equal(kvCacheBytes(cache, 32_768), 512 * MiB);
    assert.deepEqual(engineCaches(cache, 32_768), [{ kind: "wholeInLlamaCpp", bytes: 4 * GiB }]);
    assert.deepEqual(engineCaches(await cacheOf({ ...mistral, sliding_window: null }), 32_768), []);
  });

  it("counts no layer that reads the cache of another (Gemma 3n), and one head where all share one (Falcon-7B)", async () => {
    const shared = { ...gemma2, num_kv_shared_layers: 2, num_hidden_layers: 6 };
    assert.equal(kvCacheBytes(await cacheOf(shared), 1), 4 * 2 * 8 * 256 * 2);
    const falcon = { ...llama3, num_key_value_heads: undefined, multi_query: true };
    assert.equal(kvCacheBytes(await cacheOf(falcon), 1), 131_072 / 8);
  });

  it("is not known where some layers keep a state instead, which is said", async () => {
    const jamba = configuredModel({ ...llama3, mamba_d_state: 16, attn_layer_period: 8 }, "model").shapes;
    assert.deepEqual([jamba.cache, jamba.cacheUnknown], [undefined, "state"]);
    const metadata: MetadataEntry[] = ["block_count", "attention.head_count", "attention.key_length", "ssm.state_size"].map((key) => ({
      key: `jamba.${key}`,
      type: "u32",
      value: 8,
    }));
    const none = { files: [], tensors: [], warnings: [], close: () => Promise.resolve() };
    const read = await shapesFromCheckpoint({ format: "gguf", name: "model", architecture: "jamba", metadata, ...none });
    assert.deepEqual([read.cache, read.cacheUnknown], [undefined, "state"]);
    assert.equal(configuredModel(llama3, "model").shapes.cacheUnknown, undefined);
  });

  it("is not known where some layers are no attention over tokens", async () => {
    const layer_types = Array.from({ length: 32 }, (_, layer) => (layer % 4 === 3 ? "full_attention" : "linear_attention"));
    assert.equal(configuredModel({ ...llama3, layer_types }, "model").shapes.cache, undefined);
  });

  it("has no part in layers without key-value heads", () => {
    const layer = { keyDim: 64, valueDim: 64 };
    assert.deepEqual(
      groupLayers([
        { heads: 2, ...layer },
        { heads: 0, ...layer },
        { heads: 2, ...layer },
      ]),
      [{ layers: 2, heads: 2, ...layer }],
    );
  });
});

describe("largest context that fits", () => {
  it("is the last step of 256 tokens that does, and no longer than what makes sense", async () => {
    const cache = await cacheOf(llama3);
    const question = { cache, sequences: 1, working: () => 0 };
    assert.equal(largestContext({ ...question, free: GiB }), 8192);
    assert.equal(largestContext({ ...question, free: GiB - 1 }), 8192 - 256);
    assert.equal(largestContext({ ...question, free: GiB, sequences: 2 }), 4096);
    assert.equal(largestContext({ ...question, free: GiB, kvType: "Q8_0" }), Math.floor((8192 * 64) / 34 / 256) * 256);
    assert.equal(largestContext({ ...question, free: 8 * GiB, most: 8192 }), 8192);
    assert.equal(largestContext({ ...question, free: -1 }), 0);
    const windowed = { kind: "heads" as const, groups: [{ layers: 2, heads: 1, keyDim: 64, valueDim: 64, window: 512 }] };
    assert.equal(largestContext({ ...question, cache: windowed, free: 2 * 128 * 2 * 512 }), endlessContext);
  });
});
