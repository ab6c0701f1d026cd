import assert from "node:assert/strict";
import { type CacheShape, groupLayers, kvCacheBytes } from "../../../src/core/estimate/cacheShape";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { engineCaches, paddedTokens } from "../../../src/core/estimate/engineCache";
import { devices, usableBytes, usualDevices } from "../../../src/core/estimate/devices";
import { estimateMemory, type MemoryInput } from "../../../src/core/estimate/estimateMemory";
import { endlessContext, largestContext } from "../../../src/core/estimate/largestContext";
import { shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import { windowsFromConfig, windowsFromGguf } from "../../../src/core/estimate/slidingWindows";
import { listSchemes } from "../../../src/core/quant/registry";
import { fileTypes } from "../../../src/core/recipe/fileTypes";
import type { MetadataEntry } from "../../../src/core/tensor/checkpoint";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

const llama3 = {
  ...{ model_type: "llama", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32, num_attention_heads: 32 },
  ...{ num_key_value_heads: 8, vocab_size: 128256, max_position_embeddings: 8192, tie_word_embeddings: false },
};
const gemma2 = {
  ...{ model_type: "gemma2", hidden_size: 3584, intermediate_size: 14336, num_hidden_layers: 42, num_attention_heads: 16 },
  ...{ num_key_value_heads: 8, head_dim: 256, vocab_size: 256000, sliding_window: 4096, max_position_embeddings: 8192 },
};
const deepseek = {
  ...{ model_type: "deepseek_v2", hidden_size: 5120, intermediate_size: 12288, moe_intermediate_size: 1536, num_hidden_layers: 60 },
  ...{ num_attention_heads: 128, q_lora_rank: 1536, kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 },
  ...{ n_routed_experts: 160, n_shared_experts: 2, first_k_dense_replace: 1, vocab_size: 102400, tie_word_embeddings: false },
};

/** Figures of openai/gpt-oss-20b's config.json. */
const gptOss = {
  ...{ model_type: "gpt_oss", hidden_size: 2880, intermediate_size: 2880, num_hidden_layers: 24, num_attention_heads: 64 },
  ...{ num_key_value_heads: 8, head_dim: 64, vocab_size: 201088, num_local_experts: 32, num_experts_per_tok: 4, attention_bias: true },
  ...{ sliding_window: 128, max_position_embeddings: 131072 },
};

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

describe("memory of a model", () => {
  const asked: MemoryInput = { context: 8192, sequences: 1, memories: [12 * GiB, 24 * GiB] };

  it("adds weights, cache and working memory, and compares with each device", async () => {
    const { shapes } = configuredModel(llama3, "Llama-3-8B");
    const report = estimateMemory({ ...asked, shapes, types: ["Q4_K_M", "FP16", "FP32"] });
    assert.equal(report.isAssumed, false);
    assert.equal(report.trainedContext, 8192);
    assert.equal(report.cache?.bytes, GiB);
    const { working } = report;
    assert.equal(working?.bytes, 258.5 * MiB);
    const [fp32, fp16, mixture] = ["FP32", "FP16", "Q4_K_M"].map((type) => report.rows.find((row) => row.type === type)!);
    for (const row of report.rows) assert.equal(row.neededBytes, row.bytes + GiB + 258.5 * MiB);
    // As llama-quantize writes it: 4.58 GiB.
    assert.equal((mixture!.bytes / GiB).toFixed(2), "4.58");
    assert.deepEqual(mixture!.devices, [
      { fits: true, context: 8192 },
      { fits: true, context: 8192 },
    ]);
    assert.deepEqual(
      [fp16!.devices[0], fp32!.devices[1]],
      [
        { fits: false, context: 0 },
        { fits: false, context: 0 },
      ],
    );
  });

  it("takes for working memory what llama.cpp reports as its compute buffer", async () => {
    const work = async (config: Record<string, unknown>, context: number) =>
      estimateMemory({ ...asked, shapes: configuredModel(config, "model").shapes, types: ["FP16"], context }).working;
    const [short, long] = [await work(llama3, 512), await work(llama3, 8192)];
    assert.equal(short?.bytes, 258.5 * MiB);
    assert.equal(long?.withoutFlash, 560 * MiB);
    const llama2 = { ...llama3, intermediate_size: 11008, num_key_value_heads: 32, vocab_size: 32000 };
    assert.equal((await work(llama2, 512))?.bytes, 70.5 * MiB);
    assert.equal((await work(llama2, 4096))?.withoutFlash, 296 * MiB);
    // Half of the tokens, half of the logits.
    assert.equal((await work(llama2, 256))?.output, (70.5 * MiB) / 2);
    const oss = (await work(gptOss, 131_072))!;
    assert.ok(oss.bytes === oss.layer && Math.abs(oss.bytes / MiB / 456.98 - 1) < 0.05, String(oss.bytes / MiB));
  });

  it("counts the compressed queries and results of all heads in latent attention", async () => {
    const { shapes } = configuredModel({ ...deepseek, num_experts_per_tok: 6 }, "DeepSeek-V2");
    const { working } = estimateMemory({ ...asked, shapes, types: ["FP16"], context: 512 });
    assert.deepEqual([working?.attention, working?.feedForward], [128 * 2 * 576, 2 * 12288]);
    assert.equal(working?.bytes, 512 * ((128 * 2 * 576 + 2 * 5120) * 4 + 512 * 6));
  });

  it("counts the experts that a token passes through, and does not guess how many they are", async () => {
    const mixtral = { ...llama3, model_type: "mixtral", vocab_size: 32000, num_local_experts: 8 };
    const feedForward = async (config: Record<string, unknown>) =>
      estimateMemory({ ...asked, shapes: configuredModel(config, "model").shapes, types: ["FP16"] }).working?.feedForward;
    assert.equal(await feedForward({ ...mixtral, num_experts_per_tok: 2 }), 2 * 2 * 14336);
    assert.equal(await feedForward(mixtral), undefined);
    assert.equal(await feedForward({ ...llama3, model_type: "phi3" }), 2 * 14336);
  });

  it("of a size alone assumes a published shape, says so, and knows of no training", () => {
    const report = estimateMemory({ ...asked, parameters: 7e9, types: ["FP32", "FP16", "INT8", "INT4"] });
    assert.deepEqual([report.isAssumed, report.shapesOf, report.trainedContext], [true, "Llama-2-7B", undefined]);
    assert.deepEqual(
      report.rows.filter(({ kind }) => kind === "nominal").map(({ bytes }) => [(bytes / 1e9).toFixed(1), (bytes / GiB).toFixed(2)]),
      [
        ["28.0", "26.08"],
        ["14.0", "13.04"],
        ["7.0", "6.52"],
        ["3.5", "3.26"],
      ],
    );
  });

  it("says what is not known, and compares what is", async () => {
    const none = { format: "safetensors" as const, name: "model", files: [], metadata: [], warnings: [], close: () => Promise.resolve() };
    const tensor = { name: "conv.weight", dtype: "F32", shape: [64, 256], file: 0, offset: 0, bytes: 65_536 };
    const shapes = await shapesFromCheckpoint({ ...none, tensors: [tensor] });
    const report = estimateMemory({ ...asked, shapes, types: ["FP16"] });
    assert.deepEqual([report.cache, report.working], [undefined, undefined]);
    assert.deepEqual(report.rows[0]!.devices[0], { fits: true, context: null });
    assert.equal(report.rows[0]!.neededBytes, 32_768);
  });

  it("has every scheme of the registry and every file type of llama.cpp", () => {
    const types = new Set(estimateMemory({ ...asked, parameters: 7e9, types: "every" }).rows.map(({ type }) => type.toLowerCase()));
    const missing = [...listSchemes().map(({ id }) => id), ...fileTypes.map(({ name }) => name)].filter(
      (id) => !types.has(id.toLowerCase()),
    );
    assert.deepEqual(missing, []);
  });
});

describe("devices", () => {
  it("have names of their own, and less to use than they are sold with", () => {
    assert.equal(new Set(devices.map(({ id }) => id)).size, devices.length);
    for (const device of devices)
      assert.ok(usableBytes(device) < device.gib * GiB && usableBytes(device) > 0.4 * device.gib * GiB, device.name);
    for (const id of usualDevices)
      assert.ok(
        devices.some((device) => device.id === id),
        id,
      );
  });

  it("a Mac lets a model have what Metal recommends, as llama.cpp prints it", () => {
    const usable = (gib: number): number => usableBytes(devices.find(({ id }) => id === `mac-${gib}`)!);
    assert.equal((usable(16) / MiB).toFixed(2), "10922.67");
    assert.deepEqual(
      [24, 36].map((gib) => (usable(gib) / 1e6).toFixed(2)),
      ["17179.87", "28991.03"],
    );
  });
});
