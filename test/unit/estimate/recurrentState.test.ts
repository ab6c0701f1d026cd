import assert from "node:assert/strict";
import { attentionShape, cacheShape } from "../../../src/core/estimate/attentionShape";
import { type CacheShape, kvCacheBytes } from "../../../src/core/estimate/cacheShape";
import { attentionFromConfig } from "../../../src/core/estimate/configAttention";
import { engineCaches } from "../../../src/core/estimate/engineCache";
import { estimateMemory } from "../../../src/core/estimate/estimateMemory";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import type { Checkpoint, MetadataEntry } from "../../../src/core/tensor/checkpoint";

const MiB = 2 ** 20;
const GiB = 2 ** 30;

type Config = Record<string, unknown>;

/** Figures of the published config.json. */
const qwen3Next = {
  ...{ model_type: "qwen3_next", num_hidden_layers: 48, hidden_size: 2048, num_attention_heads: 16, num_key_value_heads: 2, head_dim: 256 },
  ...{
    linear_num_key_heads: 16,
    linear_num_value_heads: 32,
    linear_key_head_dim: 128,
    linear_value_head_dim: 128,
    linear_conv_kernel_dim: 4,
  },
  ...{ full_attention_interval: 4, vocab_size: 151_936, intermediate_size: 5120, moe_intermediate_size: 512, num_experts: 512 },
  ...{
    shared_expert_intermediate_size: 512,
    decoder_sparse_step: 1,
    mlp_only_layers: [],
    tie_word_embeddings: false,
    num_experts_per_tok: 10,
  },
};
const mamba = { mamba_expand: 2, mamba_d_conv: 4, mamba_n_groups: 1 };
const nemotron = {
  ...{ model_type: "nemotron_h", hidden_size: 4096, num_attention_heads: 32, num_key_value_heads: 8, head_dim: 128 },
  ...{ mamba_num_heads: 128, mamba_head_dim: 64, n_groups: 8, ssm_state_size: 128, conv_kernel: 4 },
};
const granite = { ...mamba, num_hidden_layers: 40, hidden_size: 4096, num_attention_heads: 32, num_key_value_heads: 8, mamba_d_state: 128 };

/**
 * Keys and values by hand from `modeling_*.py` of transformers; states as llama.cpp keeps them: (kernel − 1) × (inner + 2 × groups ×
 * state) values for the convolution, and state × inner for the state.
 */
const known: Record<string, [Config, CacheShape["groups"], { layers: number; values: number }]> = {
  // 3.375 and 72 MiB of float32 for a sequence.
  "Qwen/Qwen3-Next-80B-A3B-Instruct": [
    qwen3Next,
    [{ layers: 12, heads: 2, keyDim: 256, valueDim: 256 }],
    { layers: 36, values: 3 * (4096 + 2 * 16 * 128) + 128 * 4096 },
  ],
  "state-spaces/mamba-2.8b-hf": [
    { model_type: "mamba", num_hidden_layers: 64, hidden_size: 2560, intermediate_size: 5120, state_size: 16, conv_kernel: 4 },
    [],
    { layers: 64, values: 3 * 5120 + 16 * 5120 },
  ],
  "mistralai/Mamba-Codestral-7B-v0.1": [
    { model_type: "mamba2", num_hidden_layers: 64, hidden_size: 4096, expand: 2, state_size: 128, n_groups: 8, conv_kernel: 4 },
    [],
    { layers: 64, values: 3 * (8192 + 2 * 8 * 128) + 128 * 8192 },
  ],
  // By letters in files of its own code, by names in those of transformers 5; of the other layers nothing is kept.
  "nvidia/Nemotron-H, five layers": [
    { ...nemotron, num_hidden_layers: 5, hybrid_override_pattern: "M-M*E" },
    [{ layers: 1, heads: 8, keyDim: 128, valueDim: 128 }],
    { layers: 2, values: 3 * (8192 + 2 * 8 * 128) + 128 * 8192 },
  ],
  "the same, by names": [
    { ...nemotron, layers_block_type: ["linear_attention", "mlp", "linear_attention", "full_attention", "moe"] },
    [{ layers: 1, heads: 8, keyDim: 128, valueDim: 128 }],
    { layers: 2, values: 3 * (8192 + 2 * 8 * 128) + 128 * 8192 },
  ],
  // The last two tokens, as wide as the stream.
  "LiquidAI/LFM2, four layers": [
    {
      ...{ model_type: "lfm2", num_hidden_layers: 4, hidden_size: 2048, num_attention_heads: 32, num_key_value_heads: 8, conv_L_cache: 3 },
      layer_types: ["conv", "conv", "full_attention", "conv"],
    },
    [{ layers: 1, heads: 8, keyDim: 64, valueDim: 64 }],
    { layers: 3, values: 2 * 2048 },
  ],
  // Layers 4, 12, 20 and 28 of 32 are attention.
  "ai21labs/Jamba-v0.1": [
    {
      ...{ model_type: "jamba", num_hidden_layers: 32, hidden_size: 4096, num_attention_heads: 32, num_key_value_heads: 8 },
      ...{ attn_layer_period: 8, attn_layer_offset: 4, mamba_expand: 2, mamba_d_conv: 4, mamba_d_state: 16 },
    },
    [{ layers: 4, heads: 8, keyDim: 128, valueDim: 128 }],
    { layers: 28, values: 3 * 8192 + 16 * 8192 },
  ],
  // Every layer has both, side by side.
  "tiiuae/Falcon-H1-7B-Instruct": [
    {
      ...{ model_type: "falcon_h1", num_hidden_layers: 44, hidden_size: 3072, num_attention_heads: 12, num_key_value_heads: 2 },
      ...{ ...mamba, head_dim: 128, mamba_d_ssm: 3072, mamba_d_state: 256 },
    },
    [{ layers: 44, heads: 2, keyDim: 128, valueDim: 128 }],
    { layers: 44, values: 3 * (3072 + 2 * 256) + 256 * 3072 },
  ],
  "ibm-granite/granite-4.0-h-small": [
    {
      ...granite,
      model_type: "granitemoehybrid",
      layer_types: Array.from({ length: 40 }, (_, n) => (n % 10 === 5 ? "attention" : "mamba")),
    },
    [{ layers: 4, heads: 8, keyDim: 128, valueDim: 128 }],
    { layers: 36, values: 3 * (8192 + 2 * 128) + 128 * 8192 },
  ],
  "ibm-ai-platform/Bamba-9B": [
    { ...granite, model_type: "bamba", num_hidden_layers: 32, attn_layer_indices: [9, 18, 27] },
    [{ layers: 3, heads: 8, keyDim: 128, valueDim: 128 }],
    { layers: 29, values: 3 * (8192 + 2 * 128) + 128 * 8192 },
  ],
};

function fileOf(architecture: string, keys: Record<string, number | number[]>): Checkpoint {
  const metadata = Object.entries(keys).map(([key, value]): MetadataEntry => {
    const name = `${architecture}.${key}`;
    if (!Array.isArray(value)) return { key: name, type: "u32", value };
    return { key: name, type: "u32[]", length: value.length, read: () => Promise.resolve(value) };
  });
  return { format: "gguf", name: "model", architecture, metadata, files: [], tensors: [], warnings: [], close: () => Promise.resolve() };
}

describe("layers that keep a state", () => {
  for (const [name, [config, groups, state]] of Object.entries(known)) {
    it(`${name}: keys and values of its attention, and a state of its other layers`, () => {
      assert.deepEqual(cacheShape(attentionFromConfig(config), []), { kind: "heads", groups, state });
    });
  }

  it("Qwen3-Next-80B: 6 GiB for 262144 tokens, and 75.375 MiB for each sequence, however short", () => {
    const cache = cacheShape(attentionFromConfig(qwen3Next), [])!;
    assert.equal(kvCacheBytes(cache, 262_144), 6 * GiB + 75.375 * MiB);
    assert.equal(kvCacheBytes(cache, 262_144, "Q8_0", 2), 2 * (6 * GiB * (34 / 64) + 75.375 * MiB));
    assert.deepEqual(engineCaches(cache, 262_144), []);
    const windowed = { ...cache, groups: [{ ...cache.groups[0]!, window: 256 }] };
    const kept = engineCaches(windowed, 262_144).map(({ bytes }) => bytes);
    assert.deepEqual(kept, [(6 * GiB * 768) / 262_144 + 75.375 * MiB, 6 * GiB + 75.375 * MiB]);
  });

  it("is no part of what one more token takes, and leaves less room for a context", async () => {
    const { shapes } = configuredModel(qwen3Next, "Qwen3-Next");
    // llama-bench prints 79.67 B of its GGUF file, which does not predict further tokens.
    assert.equal(shapes.parameters, 79_674_391_296);
    const report = estimateMemory({ shapes, types: ["FP16"], context: 8192, sequences: 1, memories: [] });
    assert.deepEqual([report.cache?.bytesPerToken, report.cacheUnknown], [12 * 2 * 512 * 2, undefined]);
  });

  it("are read off GGUF keys, too", async () => {
    const shape = async (architecture: string, keys: Record<string, number | number[]>) =>
      cacheShape(await attentionShape(fileOf(architecture, keys)), []);
    const next = {
      ...{ block_count: 48, "attention.head_count": 16, "attention.head_count_kv": 2, "attention.key_length": 256 },
      ...{ "ssm.inner_size": 4096, "ssm.state_size": 128, "ssm.conv_kernel": 4, "ssm.group_count": 16 },
    };
    assert.deepEqual(await shape("qwen3next", next), cacheShape(attentionFromConfig(qwen3Next), []));
    const [, groups, state] = known["ai21labs/Jamba-v0.1"]!;
    const jamba = {
      ...{ block_count: 32, embedding_length: 4096, "attention.head_count": 32, "ssm.inner_size": 8192, "ssm.state_size": 16 },
      ...{ "ssm.conv_kernel": 4, "attention.head_count_kv": Array.from({ length: 32 }, (_, n) => (n % 8 === 4 ? 8 : 0)) },
    };
    assert.deepEqual(await shape("jamba", jamba), { kind: "heads", groups, state });
    const alone = { block_count: 64, "ssm.inner_size": 5120, "ssm.state_size": 16, "ssm.conv_kernel": 4 };
    assert.deepEqual(await shape("mamba", alone), { kind: "heads", groups: [], state: known["state-spaces/mamba-2.8b-hf"]![2] });
  });
});
