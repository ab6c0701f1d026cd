import assert from "node:assert/strict";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { base, type Config } from "../../support/modelConfigs";

const old = (type: string, layers: number, hidden: number, heads: number, vocabulary: number, rest: Config = {}): Config => ({
  ...{ model_type: type, n_layer: layers, n_embd: hidden, n_head: heads, vocab_size: vocabulary, ...rest },
});

/**
 * Figures of the published config.json files, and the number of weights of the published models: `safetensors.total` of Hugging Face's
 * model API, or counted by hand from `modeling_*.py` of transformers where files hold something besides (marked).
 */
const published: Record<string, [number, Config]> = {
  "openai-community/gpt2": [124_439_808, old("gpt2", 12, 768, 12, 50257, { n_positions: 1024 })],
  "bigcode/starcoder": [15_517_456_384, old("gpt_bigcode", 40, 6144, 48, 49152, { n_positions: 8192, n_inner: 24576, multi_query: true })],
  "EleutherAI/pythia-6.9b": [6_857_302_016, base("gpt_neox", 32, 4096, 16384, 32, 50432, { tie_word_embeddings: false })],
  // By hand; EleutherAI/gpt-neox-20b's own files hold masks besides.
  "EleutherAI/gpt-neox-20b": [20_554_567_680, base("gpt_neox", 44, 6144, 24576, 64, 50432, { tie_word_embeddings: false })],
  "facebook/opt-6.7b": [
    6_658_473_984,
    {
      ...base("opt", 32, 4096, 0, 32, 50272),
      intermediate_size: undefined,
      ffn_dim: 16384,
      max_position_embeddings: 2048,
      word_embed_proj_dim: 4096,
    },
  ],
  // Embeddings of half the width.
  "facebook/opt-350m": [
    331_196_416,
    {
      ...base("opt", 24, 1024, 0, 16, 50272),
      ...{
        intermediate_size: undefined,
        ffn_dim: 4096,
        max_position_embeddings: 2048,
        word_embed_proj_dim: 512,
        do_layer_norm_before: false,
      },
    },
  ],
  "bigscience/bloom-560m": [559_214_592, { model_type: "bloom", n_layer: 24, n_embed: 1024, num_attention_heads: 16, vocab_size: 250880 }],
  "bigscience/bloom": [176_247_271_424, { model_type: "bloom", n_layer: 70, n_embed: 14336, num_attention_heads: 112, vocab_size: 250880 }],
  "mosaicml/mpt-7b": [
    6_649_286_656,
    { model_type: "mpt", d_model: 4096, n_layers: 32, n_heads: 32, expansion_ratio: 4, vocab_size: 50432, attn_config: {}, no_bias: true },
  ],
  // By hand; their files hold the tied output a second time.
  "tiiuae/falcon-7b": [6_921_720_704, base("falcon", 32, 4544, 18176, 71, 65024, { multi_query: true, parallel_attn: true, bias: false })],
  "tiiuae/falcon-40b": [
    41_303_293_952,
    base("falcon", 60, 8192, 32768, 128, 65024, { num_kv_heads: 8, new_decoder_architecture: true, bias: false }),
  ],
  "bigcode/starcoder2-3b": [3_030_371_328, base("starcoder2", 30, 3072, 12288, 24, 49152, { num_key_value_heads: 2, use_bias: true })],
  "bigcode/starcoder2-7b": [7_173_923_840, base("starcoder2", 32, 4608, 18432, 36, 49152, { num_key_value_heads: 4, use_bias: true })],
  "microsoft/phi-2": [2_779_683_840, base("phi", 32, 2560, 10240, 32, 51200, { num_key_value_heads: null, tie_word_embeddings: false })],
  "CohereLabs/c4ai-command-r-v01": [
    34_980_831_232,
    base("cohere", 40, 8192, 22528, 64, 256000, { num_key_value_heads: 64, use_qk_norm: false }),
  ],
  "CohereLabs/c4ai-command-r-plus": [
    103_810_674_688,
    base("cohere", 64, 12288, 33792, 96, 256000, { num_key_value_heads: 8, use_qk_norm: true }),
  ],
  "CohereLabs/c4ai-command-r7b-12-2024": [8_028_033_024, base("cohere2", 32, 4096, 14336, 32, 256000, { num_key_value_heads: 8 })],
  "zai-org/GLM-4-9B-0414": [
    9_400_279_040,
    base("glm4", 40, 4096, 13696, 32, 151552, { num_key_value_heads: 2, head_dim: 128, attention_bias: true, tie_word_embeddings: false }),
  ],
  "microsoft/Phi-3.5-MoE-instruct": [
    41_873_153_344,
    base("phimoe", 32, 4096, 6400, 32, 32064, {
      num_key_value_heads: 8,
      attention_bias: true,
      lm_head_bias: true,
      num_local_experts: 16,
      tie_word_embeddings: false,
    }),
  ],
  // llama-bench prints 107.77 B and 400.71 B of their GGUF files, which have no vision encoder.
  "meta-llama/Llama-4-Scout-17B-16E": [
    107_769_861_120,
    {
      model_type: "llama4",
      text_config: { model_type: "llama4_text", num_local_experts: 16, interleave_moe_layer_step: 1, tie_word_embeddings: false },
      vision_config: {},
    },
  ],
  "meta-llama/Llama-4-Maverick-17B-128E": [
    400_711_848_960,
    {
      model_type: "llama4",
      text_config: { model_type: "llama4_text", num_local_experts: 128, interleave_moe_layer_step: 2 },
      vision_config: {},
    },
  ],
  // The same: 228.69 B.
  "MiniMaxAI/MiniMax-M2": [
    228_689_764_864,
    base("minimax_m2", 62, 3072, 1536, 48, 200064, {
      ...{ num_key_value_heads: 8, head_dim: 128, num_local_experts: 256, use_qk_norm: true, tie_word_embeddings: false },
    }),
  ],
  // By hand: 1.03 T, of which 32 B are used.
  "moonshotai/Kimi-K2-Instruct": [
    1_026_408_232_448,
    base("kimi_k2", 61, 7168, 18432, 64, 163840, {
      ...{ moe_intermediate_size: 2048, n_routed_experts: 384, n_shared_experts: 1, first_k_dense_replace: 1, moe_layer_freq: 1 },
      ...{ q_lora_rank: 1536, kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128, topk_method: "noaux_tc" },
    }),
  ],
  // By hand, without the layer that predicts further tokens: its model card has 106 B.
  "zai-org/GLM-4.5-Air": [
    106_852_251_264,
    base("glm4_moe", 46, 4096, 10944, 96, 151552, {
      ...{ moe_intermediate_size: 1408, n_routed_experts: 128, n_shared_experts: 1, first_k_dense_replace: 1, num_key_value_heads: 8 },
      ...{ head_dim: 128, attention_bias: true, use_qk_norm: false, num_nextn_predict_layers: 1, tie_word_embeddings: false },
    }),
  ],
  // Its language model, from a config.json that leaves out 262 208 tokens and 8 heads of 256: 3.88 of its 4.30 B.
  "google/gemma-3-4b-it": [
    3_880_263_168,
    {
      model_type: "gemma3",
      text_config: { hidden_size: 2560, intermediate_size: 10240, model_type: "gemma3_text", num_hidden_layers: 34, sliding_window: 1024 },
      vision_config: {},
    },
  ],
  "llava-hf/llava-1.5-7b-hf": [
    // Llama 2's 6 738 415 616, and 64 more tokens in two matrices.
    6_738_415_616 + 2 * 64 * 4096,
    { model_type: "llava", text_config: { model_type: "llama", vocab_size: 32064 }, vision_config: {}, tie_word_embeddings: false },
  ],
};

/** Models of several parts, and of other kinds than decoders: `safetensors.total` of Hugging Face's model API, buffers that newer files leave out deducted. */
const others: Record<string, [number, Config]> = {
  "google/gemma-3-4b-it, whole": [
    4_300_079_472,
    {
      model_type: "gemma3",
      text_config: { hidden_size: 2560, intermediate_size: 10240, model_type: "gemma3_text", num_hidden_layers: 34, sliding_window: 1024 },
      vision_config: {
        ...{ hidden_size: 1152, intermediate_size: 4304, model_type: "siglip_vision_model", num_hidden_layers: 27 },
        ...{ image_size: 896, patch_size: 14, vision_use_head: false },
      },
    },
  ],
  // Says nowhere that its output is not the embedding, as transformers 4 wrote it.
  "mistralai/Mistral-Small-3.1-24B-Instruct-2503": [
    24_011_361_280,
    {
      ...{ model_type: "mistral3", transformers_version: "4.50.0.dev0", spatial_merge_size: 2, multimodal_projector_bias: false },
      text_config: base("mistral", 40, 5120, 32768, 32, 131072, { num_key_value_heads: 8, head_dim: 128 }),
      vision_config: {
        ...{ hidden_size: 1024, intermediate_size: 4096, model_type: "pixtral", num_hidden_layers: 24, image_size: 1540, patch_size: 14 },
      },
    },
  ],
  "Qwen/Qwen2.5-VL-7B-Instruct": [
    8_292_166_656,
    base("qwen2_5_vl", 28, 3584, 18944, 28, 152064, {
      ...{ num_key_value_heads: 4, tie_word_embeddings: false },
      vision_config: {
        ...{ depth: 32, hidden_size: 1280, intermediate_size: 3420, in_chans: 3, out_hidden_size: 3584, patch_size: 14 },
        ...{ spatial_merge_size: 2, temporal_patch_size: 2 },
      },
    }),
  ],
  "Qwen/Qwen2-VL-7B-Instruct": [
    8_291_375_616,
    base("qwen2_vl", 28, 3584, 18944, 28, 152064, {
      ...{ num_key_value_heads: 4, tie_word_embeddings: false },
      vision_config: { depth: 32, embed_dim: 1280, mlp_ratio: 4, in_chans: 3, hidden_size: 3584, patch_size: 14, spatial_merge_size: 2 },
    }),
  ],
  "llava-hf/llava-1.5-7b-hf, whole": [
    7_063_427_072,
    {
      ...{ model_type: "llava", tie_word_embeddings: false, text_config: { model_type: "llama", vocab_size: 32064 } },
      vision_config: {
        ...{ hidden_size: 1024, intermediate_size: 4096, model_type: "clip_vision_model", num_hidden_layers: 24 },
        ...{ image_size: 336, patch_size: 14 },
      },
    },
  ],
  "sentence-transformers/all-MiniLM-L6-v2": [
    22_713_216,
    base("bert", 6, 384, 1536, 12, 30522, { max_position_embeddings: 512, type_vocab_size: 2, architectures: ["BertModel"] }),
  ],
  "BAAI/bge-m3": [
    567_754_752,
    base("xlm-roberta", 24, 1024, 4096, 16, 250002, {
      ...{ max_position_embeddings: 8194, type_vocab_size: 1, architectures: ["XLMRobertaModel"] },
    }),
  ],
  "answerdotai/ModernBERT-base": [
    149_655_232,
    base("modernbert", 22, 768, 1152, 12, 50368, { architectures: ["ModernBertForMaskedLM"], decoder_bias: true, norm_bias: false }),
  ],
  "microsoft/deberta-v3-base": [
    183_831_552,
    base("deberta-v2", 12, 768, 3072, 12, 128100, {
      ...{ max_position_embeddings: 512, type_vocab_size: 0, relative_attention: true, position_buckets: 256, share_att_key: true },
      ...{ norm_rel_ebd: "layer_norm", pos_att_type: "p2c|c2p", position_biased_input: false, max_relative_positions: -1 },
    }),
  ],
  // Whose output is no embedding, though newer versions tie it.
  "google/flan-t5-base": [
    247_577_856,
    {
      ...{ model_type: "t5", d_model: 768, d_ff: 2048, d_kv: 64, num_heads: 12, num_layers: 12, num_decoder_layers: 12 },
      ...{ feed_forward_proj: "gated-gelu", vocab_size: 32128, tie_word_embeddings: false },
    },
  ],
  "openai/whisper-large-v3": [
    1_543_490_560,
    {
      ...{ model_type: "whisper", d_model: 1280, encoder_layers: 32, decoder_layers: 32, encoder_ffn_dim: 5120, decoder_ffn_dim: 5120 },
      ...{ num_mel_bins: 128, max_source_positions: 1500, max_target_positions: 448, vocab_size: 51866 },
    },
  ],
  "state-spaces/mamba-2.8b-hf": [
    2_768_345_600,
    {
      ...{ model_type: "mamba", hidden_size: 2560, intermediate_size: 5120, num_hidden_layers: 64, state_size: 16, conv_kernel: 4 },
      ...{ time_step_rank: 160, vocab_size: 50280 },
    },
  ],
  "ai21labs/Jamba-v0.1": [
    51_570_323_328,
    base("jamba", 32, 4096, 14336, 32, 65536, {
      ...{ num_key_value_heads: 8, num_experts: 16, attn_layer_period: 8, attn_layer_offset: 4, expert_layer_period: 2 },
      ...{ expert_layer_offset: 1, mamba_d_state: 16, mamba_d_conv: 4, mamba_expand: 2, mamba_dt_rank: 256, tie_word_embeddings: false },
    }),
  ],
};

describe("weights of a config.json", () => {
  for (const [name, [parameters, config]] of Object.entries({ ...published, ...others })) {
    it(`${name} has ${(parameters / 1e9).toFixed(2)} B`, async () => {
      assert.equal(configuredModel(config, name).shapes.parameters, parameters);
    });
  }

  it("refuses what is there and cannot be, by name, instead of taking it for left out", async () => {
    const llama = base("llama", 32, 4096, 14336, 32, 128256);
    for (const [key, value, shown] of [
      ["num_key_value_heads", "8", '"8"'],
      ["num_key_value_heads", 0, "0"],
      ["head_dim", -128, "-128"],
      ["num_hidden_layers", 32.5, "32.5"],
      ["num_attention_heads", [32, 32], "[32,32]"],
      ["vocab_size", 1e15, "1000000000000000"],
    ] as const) {
      assert.throws(() => configuredModel({ ...llama, [key]: value }, "model"), {
        code: "estimate.config-incomplete",
        message: `${key} is ${shown} in the config.json: no whole number above 0.`,
      });
    }
    const falcon = published["tiiuae/falcon-40b"]![1];
    assert.throws(() => configuredModel({ ...falcon, num_kv_heads: "8" }, "model"), { code: "estimate.config-incomplete" });
    assert.throws(() => configuredModel({ ...falcon, num_attention_heads: undefined }, "model"), { code: "estimate.config-incomplete" });
    assert.throws(() => configuredModel({ ...falcon, num_hidden_layers: 1e9 }, "model"), { code: "estimate.out-of-range" });
  });

  it("takes 0 for none where families write it so", async () => {
    const [parameters, kimi] = published["moonshotai/Kimi-K2-Instruct"]!;
    const without = configuredModel({ ...kimi, n_shared_experts: 0, n_routed_experts: 1 }, "model").shapes.parameters;
    const shared = configuredModel({ ...kimi, n_routed_experts: 1 }, "model").shapes.parameters;
    assert.equal(shared - without, 60 * 3 * 2048 * 7168);
    assert.ok(parameters > shared);
  });
});
