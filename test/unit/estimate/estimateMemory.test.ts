import assert from "node:assert/strict";
import { type CacheShape, groupLayers, kvCacheBytes } from "../../../src/core/estimate/cacheShape";
import { shapesFromConfig } from "../../../src/core/estimate/configShapes";
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

async function cacheOf(config: Record<string, unknown>): Promise<CacheShape> {
  const { cache } = (await shapesFromConfig(config, "model")).shapes;
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
    assert.deepEqual(cache, { kind: "latent", groups: [{ layers: 60, heads: 1, keyDim: 576, valueDim: 0 }] });
    assert.equal(kvCacheBytes(cache, 32_768), 60 * 576 * 2 * 32_768);
  });

  it("reads latent attention and windows off GGUF keys", async () => {
    const shapes = async (architecture: string, keys: Record<string, number>) => {
      const metadata = Object.entries(keys).map(([key, value]): MetadataEntry => ({ key: `${architecture}.${key}`, type: "u32", value }));
      const none = { files: [], tensors: [], warnings: [], close: () => Promise.resolve() };
      return shapesFromCheckpoint({ format: "gguf", name: "model", architecture, metadata, ...none });
    };
    const latent = { block_count: 27, "attention.kv_lora_rank": 512, "rope.dimension_count": 64, "attention.head_count": 16 };
    assert.deepEqual((await shapes("deepseek2", latent)).cache?.groups, [{ layers: 27, heads: 1, keyDim: 576, valueDim: 0 }]);
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
    assert.deepEqual([0, 1].map(windowsFromGguf("llama", 8, undefined)), [undefined, undefined]);
  });

  it("is not known where some layers are no attention over tokens", async () => {
    const layer_types = Array.from({ length: 32 }, (_, layer) => (layer % 4 === 3 ? "full_attention" : "linear_attention"));
    assert.equal((await shapesFromConfig({ ...llama3, layer_types }, "model")).shapes.cache, undefined);
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
    const { shapes } = await shapesFromConfig(llama3, "Llama-3-8B");
    const report = estimateMemory({ ...asked, shapes, types: ["Q4_K_M", "FP16", "FP32"] });
    assert.equal(report.isAssumed, false);
    assert.equal(report.trainedContext, 8192);
    assert.equal(report.cache?.bytes, GiB);
    // What llama.cpp says of its compute buffer for this model: 258.50 MiB.
    assert.equal(report.working?.bytes, 258.5 * MiB);
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

  it("takes the working memory of Llama-2-7B as llama.cpp reports it, and less for fewer tokens", () => {
    const bytes = (context: number) => estimateMemory({ ...asked, parameters: 6.74e9, types: ["INT4"], context }).working?.bytes;
    assert.equal(bytes(8192), 70.5 * MiB);
    assert.equal(bytes(256), (70.5 * MiB) / 2);
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

  it("a Mac with 16 GiB lets a model have 10.67 of them", () => {
    assert.equal((usableBytes(devices.find(({ id }) => id === "mac-16")!) / GiB).toFixed(2), "10.67");
  });
});
