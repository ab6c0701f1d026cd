import assert from "node:assert/strict";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { configFamilies } from "../../../src/core/estimate/configFamilies";
import { ConfigNumbers } from "../../../src/core/estimate/configNumbers";
import { configTensors } from "../../../src/core/estimate/configTensors";
import { findPublished } from "../../../src/core/estimate/published/publishedModels";

type Config = Record<string, unknown>;

const mllama: Config = {
  ...{ model_type: "mllama", architectures: ["MllamaForConditionalGeneration"], transformers_version: "4.45.0.dev0" },
  // What it leaves out is as usual.
  text_config: { model_type: "mllama_text_model", vocab_size: 128256 },
  vision_config: {
    ...{ model_type: "mllama_vision_model", hidden_size: 1280, intermediate_size: 5120, num_hidden_layers: 32, num_global_layers: 8 },
    ...{ image_size: 560, patch_size: 14, max_num_tiles: 4, vision_output_dim: 7680 },
  },
};
const dbrx: Config = {
  ...{ model_type: "dbrx", d_model: 6144, n_heads: 48, n_layers: 40, max_seq_len: 32768, vocab_size: 100352, tie_word_embeddings: false },
  attn_config: { model_type: "", kv_n_heads: 8, clip_qkv: 8, rope_theta: 500000 },
  ffn_config: { model_type: "", ffn_hidden_size: 10752, moe_num_experts: 16, moe_top_k: 4 },
};
const kimi: Config = {
  ...{ model_type: "kimi_linear", hidden_size: 2304, intermediate_size: 9216, num_hidden_layers: 27, num_attention_heads: 32 },
  ...{ num_key_value_heads: 32, head_dim: 72, kv_lora_rank: 512, q_lora_rank: null, qk_nope_head_dim: 128, qk_rope_head_dim: 64 },
  ...{ v_head_dim: 128, num_experts: 256, num_experts_per_token: 8, num_shared_experts: 1, moe_intermediate_size: 1024 },
  ...{ first_k_dense_replace: 1, moe_layer_freq: 1, vocab_size: 163840, tie_word_embeddings: false },
  linear_attn_config: { full_attn_layers: [4, 8, 12, 16, 20, 24, 27], head_dim: 128, num_heads: 32, short_conv_kernel_size: 4 },
};
const mimo: Config = {
  ...{ model_type: "mimo_v2_flash", hidden_size: 4096, intermediate_size: 16384, num_hidden_layers: 6, num_attention_heads: 64 },
  ...{ num_key_value_heads: 4, head_dim: 192, v_head_dim: 128, sliding_window: 128, n_routed_experts: 256, n_shared_experts: null },
  ...{ moe_intermediate_size: 2048, num_experts_per_tok: 8, vocab_size: 152576, tie_word_embeddings: false },
};

const shapesOf = (config: Config) => configuredModel(config, "model").shapes;
const unknown = { code: "estimate.unknown-family" };

describe("weights of models with unusual layers", () => {
  it("are as many as are published", () => {
    assert.equal(shapesOf(mllama).parameters, 10_670_220_835);
    assert.equal(shapesOf(dbrx).parameters, 131_596_523_520);
    assert.equal(shapesOf(kimi).parameters, 49_122_681_728);
  });

  it("are of known parts only", () => {
    assert.deepEqual(configuredModel(mllama, "model").uncounted, []);
    assert.deepEqual(configuredModel(dbrx, "model").uncounted, []);
    const { model, expertsUsed, cache } = shapesOf(dbrx);
    assert.deepEqual([model.experts, expertsUsed], [16, 4]);
    assert.deepEqual(cache?.groups, [{ layers: 40, heads: 8, keyDim: 128, valueDim: 128 }]);
  });

  it("are unknown where a model is only called so", () => {
    assert.throws(() => shapesOf({ ...kimi, routed_expert_hidden_size: 3584 }), unknown);
    assert.throws(() => shapesOf({ ...dbrx, ffn_config: undefined }), unknown);
  });

  it("are the same of MiMo-V2 as published and as transformers writes it, and so is the cache", () => {
    const layers = [0, 1, 1, 1, 1, 0];
    const swa = { swa_num_attention_heads: 64, swa_num_key_value_heads: 8, swa_head_dim: 192, swa_v_head_dim: 128 };
    const published = shapesOf({ ...mimo, ...swa, hybrid_layer_pattern: layers, moe_layer_freq: [0, 1, 1, 1, 1, 1] });
    const layerTypes = layers.map((kind) => (kind === 1 ? "sliding_attention" : "full_attention"));
    const written = shapesOf({ ...mimo, layer_types: layerTypes, mlp_layer_types: ["dense", ...Array<string>(5).fill("sparse")] });
    assert.equal(published.parameters, written.parameters);
    const groups = [
      { layers: 2, heads: 4, keyDim: 192, valueDim: 128 },
      { layers: 4, heads: 8, keyDim: 192, valueDim: 128, window: 128 },
    ];
    assert.deepEqual([published.cache?.groups, written.cache?.groups], [groups, groups]);
  });
});

const vit: Config = {
  ...{ model_type: "vit", hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 12, num_attention_heads: 12, image_size: 224 },
  ...{ patch_size: 16, num_channels: 3, qkv_bias: true },
};
const dinov2: Config = {
  ...{ model_type: "dinov2", architectures: ["Dinov2Model"], hidden_size: 768, mlp_ratio: 4, num_hidden_layers: 12 },
  ...{ num_attention_heads: 12, image_size: 518, patch_size: 14, qkv_bias: true, use_swiglu_ffn: false },
};
const clip: Config = {
  ...{ model_type: "clip", architectures: ["CLIPModel"], projection_dim: 512 },
  // What they leave out is as usual.
  ...{ text_config: { model_type: "clip_text_model" }, vision_config: { model_type: "clip_vision_model" } },
};

describe("weights of models that see", () => {
  it("are as many as are published, and cache nothing", () => {
    const classes = {
      architectures: ["ViTForImageClassification"],
      id2label: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, ""])),
    };
    for (const [config, parameters] of [
      [{ ...vit, ...classes }, 86_567_656],
      [{ ...vit, architectures: ["ViTModel"] }, 86_389_248],
      [dinov2, 86_580_480],
      [{ ...dinov2, use_mask_token: false }, 86_580_480 - 768],
      [clip, 151_277_313],
      [
        { ...clip, vision_config: { model_type: "clip_vision_model", patch_size: 16 }, vision_config_dict: { patch_size: 32 } },
        151_277_313,
      ],
      [{ model_type: "siglip", text_config: {}, vision_config: {} }, 203_155_970],
    ] as const) {
      const { shapes, uncounted } = configuredModel(config, "model");
      assert.deepEqual([shapes.parameters, uncounted], [parameters, []]);
      assert.deepEqual(shapes.cache?.groups, []);
    }
  });

  it("are unknown with heads that are not known", () => {
    for (const config of [
      { ...vit, architectures: ["ViTForMaskedImageModeling"] },
      { ...dinov2, architectures: ["Dinov2ForImageClassification"] },
      { ...clip, architectures: ["CLIPForImageClassification"] },
      { ...vit, model_type: "clip_vision_model", architectures: ["CLIPVisionModelWithProjection"] },
    ]) {
      assert.throws(() => shapesOf(config), unknown, String(config.architectures));
    }
  });
});

describe("experts", () => {
  it("are one tensor of each kind, however many there are", () => {
    const { config } = findPublished("Kimi-K2")!;
    const tensors = configTensors(new ConfigNumbers(config), configFamilies.get("kimi_k2")!);
    assert.ok(tensors.length < 61 * 20, String(tensors.length));
    const gate = tensors.find(({ name }) => name === "model.layers.1.mlp.experts.0.gate_proj.weight");
    assert.deepEqual(gate?.shape, [384, 2048, 7168]);
    assert.deepEqual(
      shapesOf(config as Config).tensors.find(({ name }) => name === "blk.1.ffn_gate_exps.weight")?.shape,
      [384, 2048, 7168],
    );
  });
});
