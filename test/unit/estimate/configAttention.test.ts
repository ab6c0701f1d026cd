import assert from "node:assert/strict";
import { cacheShape } from "../../../src/core/estimate/attentionShape";
import type { CacheShape } from "../../../src/core/estimate/cacheShape";
import { attentionFromConfig } from "../../../src/core/estimate/configAttention";
import { type Config, standard } from "../../support/modelConfigs";

/** Layers, key-value heads, values of a key and of a value, and the window. */
type Group = [number, number, number, number, number?];

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

/**
 * Configurations as they are published, and what their models cache, by hand from `configuration_*.py` and `modeling_*.py` of
 * transformers, or of the code beside the weights where transformers has none.
 */
const known: Record<string, [Config, Group[]]> = {
  // Nested parts leave out what is their class's default: 8 heads, 4 of them for keys, 256 wide.
  "google/gemma-3-4b-it": [
    {
      model_type: "gemma3",
      text_config: {
        ...{ hidden_size: 2560, intermediate_size: 10240, model_type: "gemma3_text", num_hidden_layers: 34, sliding_window: 1024 },
        rope_scaling: { factor: 8, rope_type: "linear" },
      },
      vision_config: { hidden_size: 1152 },
    },
    [
      [29, 4, 256, 256, 1024],
      [5, 4, 256, 256],
    ],
  ],
  // 3840 / 16 would be 240: a head is 256 wide, which only the default says.
  "google/gemma-3-12b-it": [
    {
      model_type: "gemma3",
      text_config: {
        ...{ hidden_size: 3840, intermediate_size: 15360, model_type: "gemma3_text", num_attention_heads: 16, num_hidden_layers: 48 },
        ...{ num_key_value_heads: 8, sliding_window: 1024 },
      },
    },
    [
      [40, 8, 256, 256, 1024],
      [8, 8, 256, 256],
    ],
  ],
  "llava-hf/llava-1.5-7b-hf": [
    { model_type: "llava", text_config: { model_type: "llama", max_position_embeddings: 4096, vocab_size: 32064 }, vision_config: {} },
    [[32, 32, 128, 128]],
  ],
  "OpenGVLab/InternVL2-8B": [
    {
      model_type: "internvl_chat",
      llm_config: standard("internlm2", 32, 4096, 32, { num_key_value_heads: 8 }),
      vision_config: standard("intern_vit_6b", 24, 1024, 16),
    },
    [[32, 8, 128, 128]],
  ],
  "Qwen/Qwen2.5-Omni-7B": [
    {
      model_type: "qwen2_5_omni",
      thinker_config: { text_config: standard("qwen2_5_omni_text", 28, 3584, 28, { num_key_value_heads: 4 }), audio_config: {} },
      talker_config: standard("qwen2_5_omni_talker", 24, 896, 12),
    },
    [[28, 4, 128, 128]],
  ],
  // `num_kv_heads` of a file that transformers saved does not count where all heads share one.
  "tiiuae/falcon-7b": [
    standard("falcon", 32, 4544, 71, { multi_query: true, new_decoder_architecture: false, num_kv_heads: 71 }),
    [[32, 1, 64, 64]],
  ],
  "tiiuae/falcon-40b": [
    standard("falcon", 60, 8192, 128, { multi_query: true, new_decoder_architecture: true, num_kv_heads: 8 }),
    [[60, 8, 64, 64]],
  ],
  "tiiuae/falcon-40b, as first published": [
    { model_type: "RefinedWeb", hidden_size: 8192, n_layer: 60, n_head: 128, n_head_kv: 8, multi_query: true },
    [[60, 8, 64, 64]],
  ],
  "tiiuae/falcon-rw-1b": [standard("falcon", 24, 2048, 32, { multi_query: false, new_decoder_architecture: false }), [[24, 32, 64, 64]]],
  "bigcode/starcoder": [{ model_type: "gpt_bigcode", n_embd: 6144, n_layer: 40, n_head: 48 }, [[40, 1, 128, 128]]],
  "openai-community/gpt2": [{ model_type: "gpt2", n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024 }, [[12, 12, 64, 64]]],
  "bigscience/bloom": [{ model_type: "bloom", n_embed: 14336, n_layer: 70, num_attention_heads: 112 }, [[70, 112, 128, 128]]],
  "mosaicml/mpt-7b": [
    { model_type: "mpt", d_model: 4096, n_layers: 32, n_heads: 32, attn_config: { attn_type: "multihead_attention" } },
    [[32, 32, 128, 128]],
  ],
  "databricks/dbrx-instruct": [
    { model_type: "dbrx", d_model: 6144, n_layers: 40, n_heads: 48, attn_config: { kv_n_heads: 8 } },
    [[40, 8, 128, 128]],
  ],
  "THUDM/chatglm3-6b": [
    {
      ...{ model_type: "chatglm", num_layers: 28, hidden_size: 4096, num_attention_heads: 32, kv_channels: 128 },
      ...{ multi_query_attention: true, multi_query_group_num: 2 },
    },
    [[28, 2, 128, 128]],
  ],
  // Heads are listed, layer by layer.
  "apple/OpenELM, two layers": [
    { model_type: "openelm", num_transformer_layers: 2, model_dim: 1280, head_dim: 64, num_query_heads: [12, 20], num_kv_heads: [3, 5] },
    [
      [1, 3, 64, 64],
      [1, 5, 64, 64],
    ],
  ],
  "Deci/DeciLM-7B, four layers": [
    standard("deci", 4, 4096, 32, { num_key_value_heads_per_layer: [4, 4, 2, 1] }),
    [
      [2, 4, 128, 128],
      [1, 2, 128, 128],
      [1, 1, 128, 128],
    ],
  ],
  // Blocks without attention keep nothing; 64 heads in groups of 8 and of 16.
  "nvidia/Llama-3_3-Nemotron-Super-49B-v1, five layers": [
    standard("nemotron-nas", 5, 8192, 64, {
      num_key_value_heads: null,
      block_configs: [8, null, 16, 8, null].map((group, index) => ({
        attention: { n_heads_in_group: group, no_op: group === null && index === 1, replace_with_linear: group === null && index === 4 },
      })),
    }),
    [
      [2, 8, 128, 128],
      [1, 4, 128, 128],
    ],
  ],
  // Every fourth layer has no rotary positions and sees all, the others a chunk of 8192.
  "meta-llama/Llama-4-Scout-17B-16E": [
    {
      model_type: "llama4",
      text_config: { model_type: "llama4_text", no_rope_layers: [], num_hidden_layers: 48, num_attention_heads: 40 },
    },
    [
      [36, 8, 128, 128, 8192],
      [12, 8, 128, 128],
    ],
  ],
  "Llama 4 with its own list of rotary layers": [
    standard("llama4_text", 3, 5120, 40, { num_key_value_heads: 8, attention_chunk_size: 8192, no_rope_layers: [0, 1, 1] }),
    [
      [1, 8, 128, 128],
      [2, 8, 128, 128, 8192],
    ],
  ],
  // Layers that look at the picture keep nothing of the text.
  "meta-llama/Llama-3.2-11B-Vision": [
    {
      model_type: "mllama",
      text_config: standard("mllama_text_model", 40, 4096, 32, {
        num_key_value_heads: 8,
        cross_attention_layers: [3, 8, 13, 18, 23, 28, 33, 38],
      }),
      vision_config: {},
    },
    [[32, 8, 128, 128]],
  ],
  // Layers that see all have 4 heads of 512 in place of 16 of 256.
  "google/gemma-4-31b-like, six layers": [
    {
      model_type: "gemma4",
      text_config: standard("gemma4_text", 6, 5376, 32, {
        ...{ num_key_value_heads: 16, head_dim: 256, global_head_dim: 512, num_global_key_value_heads: 4, attention_k_eq_v: true },
        ...{ sliding_window: 1024, layer_types: times(6, (n) => (n === 5 ? "full_attention" : "sliding_attention")) },
      }),
    },
    [
      [5, 16, 256, 256, 1024],
      [1, 4, 512, 512],
    ],
  ],
  // As transformers 5 writes it: heads of each layer that has its own.
  "the same with settings of layers": [
    standard("gemma4_text", 6, 5376, 32, {
      ...{ num_key_value_heads: 16, head_dim: 256, per_layer_config: { "05": { head_dim: 512, num_key_value_heads: 4 } } },
      ...{ sliding_window: 1024, layer_types: times(6, (n) => (n === 5 ? "full_attention" : "sliding_attention")) },
    }),
    [
      [5, 16, 256, 256, 1024],
      [1, 4, 512, 512],
    ],
  ],
  // A decoder, in spite of its name: the first layer of three has no window.
  "jhu-clsp/ettin-decoder, seven layers": [
    standard("modernbert-decoder", 7, 768, 12, { global_attn_every_n_layers: 3, local_attention: 128 }),
    [
      [3, 12, 64, 64],
      [4, 12, 64, 64, 64],
    ],
  ],
  "facebook/xglm-564M": [{ model_type: "xglm", num_layers: 24, d_model: 1024, attention_heads: 16 }, [[24, 16, 64, 64]]],
  "XiaomiMiMo/MiMo-V2-Flash, four layers": [
    standard("mimo_v2_flash", 4, 4096, 64, {
      ...{ num_key_value_heads: 4, head_dim: 192, v_head_dim: 128, sliding_window: 128, hybrid_layer_pattern: [0, 1, 1, 1] },
      ...{ swa_num_key_value_heads: 8, swa_head_dim: 192, swa_v_head_dim: 128 },
    }),
    [
      [1, 4, 192, 128],
      [3, 8, 192, 128, 128],
    ],
  ],
  "LGAI-EXAONE/EXAONE-4.0-32B": [
    standard("exaone4", 64, 5120, 40, { num_key_value_heads: 8, sliding_window: 4096, sliding_window_pattern: "LLLG" }),
    [
      [48, 8, 128, 128, 4096],
      [16, 8, 128, 128],
    ],
  ],
  "allenai/Olmo-3-7B": [
    standard("olmo3", 32, 4096, 32, { num_key_value_heads: 32, sliding_window: 4096 }),
    [
      [24, 32, 128, 128, 4096],
      [8, 32, 128, 128],
    ],
  ],
  "CohereLabs/c4ai-command-r7b-12-2024": [
    standard("cohere2", 32, 4096, 32, { num_key_value_heads: 8, sliding_window: 4096 }),
    [
      [24, 8, 128, 128, 4096],
      [8, 8, 128, 128],
    ],
  ],
  "EleutherAI/gpt-neo-1.3B": [
    {
      ...{ model_type: "gpt_neo", num_layers: 24, num_heads: 16, hidden_size: 2048, window_size: 256 },
      attention_types: [[["global", "local"], 12]],
    },
    [
      [12, 16, 128, 128],
      [12, 16, 128, 128, 256],
    ],
  ],
  // A Granite 4 without Mamba layers has their settings all the same.
  "ibm-granite/granite-4.0-micro": [
    standard("granitemoehybrid", 40, 2560, 40, { num_key_value_heads: 8, mamba_d_state: 256, layer_types: times(40, () => "attention") }),
    [[40, 8, 64, 64]],
  ],
  "MiniMaxAI/MiniMax-M2": [
    standard("minimax_m2", 62, 3072, 48, { num_key_value_heads: 8, head_dim: 128, attn_type_list: times(62, () => 1) }),
    [[62, 8, 128, 128]],
  ],
  // A layer is 1152 / 5 = 230.4 wide a head; transformers takes whole numbers.
  "a width that heads do not divide": [standard("llama", 2, 1152, 5), [[2, 5, 230, 230]]],
  "google-bert/bert-base-uncased": [standard("bert", 12, 768, 12), []],
  "answerdotai/ModernBERT-base": [standard("modernbert", 22, 768, 12, { local_attention: 128 }), []],
  "openai/clip-vit-large-patch14": [{ model_type: "clip", text_config: standard("clip_text_model", 12, 768, 12), vision_config: {} }, []],
  "google/embeddinggemma-300m": [
    standard("gemma3_text", 24, 768, 3, { num_key_value_heads: 1, head_dim: 256, use_bidirectional_attention: true }),
    [],
  ],
  "a BERT that is a decoder": [standard("bert", 12, 768, 12, { is_decoder: true }), [[12, 12, 64, 64]]],
};

function cacheOf(config: Config): CacheShape | undefined {
  return cacheShape(attentionFromConfig(config), []);
}

describe("attention from a config.json", () => {
  for (const [name, [config, groups]] of Object.entries(known)) {
    it(`${name} keeps what its code does`, () => {
      const sorted = (all: readonly Group[]): string[] => all.map((group) => group.join()).sort();
      const found = cacheOf(config)?.groups.map(({ layers, heads, keyDim, valueDim, window }): Group => {
        return window === undefined ? [layers, heads, keyDim, valueDim] : [layers, heads, keyDim, valueDim, window];
      });
      assert.deepEqual(found && sorted(found), sorted(groups));
      assert.equal(attentionFromConfig(config).unknown, undefined);
    });
  }

  it("LongCat-Flash has two latent attentions in each of its 28 layers", () => {
    const config = {
      ...standard("longcat_flash", 0, 6144, 64),
      num_hidden_layers: null,
      num_layers: 28,
      kv_lora_rank: 512,
      qk_rope_head_dim: 64,
    };
    assert.deepEqual(cacheOf(config)?.groups, [{ layers: 56, heads: 1, keyDim: 576, valueDim: 0 }]);
  });

  it("knows under which names a length of training is given", () => {
    for (const name of ["max_position_embeddings", "n_positions", "max_seq_len", "max_sequence_length", "seq_length", "max_context_length"])
      assert.equal(attentionFromConfig({ [name]: 2048 }).context, 2048);
  });
});
