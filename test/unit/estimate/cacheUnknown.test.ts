import assert from "node:assert/strict";
import { cacheShape } from "../../../src/core/estimate/attentionShape";
import type { CacheUnknown } from "../../../src/core/estimate/cacheUnknown";
import { attentionFromConfig } from "../../../src/core/estimate/configAttention";
import { type Config, standard } from "../../support/modelConfigs";

/** Configurations of which it cannot be said what their models cache, and why. */
const unknown: Record<string, [Config, CacheUnknown | undefined]> = {
  "state-spaces/mamba-2.8b-hf": [{ model_type: "mamba", num_hidden_layers: 64, hidden_size: 2560, state_size: 16 }, "state"],
  "state-spaces/mamba2-2.7b, as its authors publish it": [{ d_model: 2560, n_layer: 64, ssm_cfg: { layer: "Mamba2" } }, "state"],
  "RWKV/v5-Eagle-7B-HF": [{ model_type: "rwkv5", num_hidden_layers: 32, hidden_size: 4096, num_attention_heads: 64 }, "state"],
  "google/recurrentgemma-2b": [standard("recurrent_gemma", 26, 2560, 10, { num_key_value_heads: 1, lru_width: 2560 }), "state"],
  "ai21labs/Jamba-v0.1": [standard("jamba", 32, 4096, 32, { num_key_value_heads: 8, attn_layer_period: 8 }), "state"],
  "tiiuae/Falcon-H1-7B": [standard("falcon_h1", 44, 3072, 12, { num_key_value_heads: 2, head_dim: 128, mamba_d_ssm: 3072 }), "state"],
  "Qwen/Qwen3-Next-80B-A3B": [
    standard("qwen3_next", 48, 2048, 16, { num_key_value_heads: 2, head_dim: 256, linear_num_key_heads: 16, full_attention_interval: 4 }),
    "state",
  ],
  "MiniMaxAI/MiniMax-Text-01": [
    standard("minimax_text_01", 80, 6144, 64, {
      num_key_value_heads: 8,
      head_dim: 128,
      attn_type_list: Array.from({ length: 80 }, (_, n) => (n % 8 === 7 ? 1 : 0)),
    }),
    "state",
  ],
  "its layers by name": [standard("minimax", 2, 6144, 64, { layer_types: ["linear_attention", "full_attention"] }), "state"],
  "google-t5/t5-base": [
    { model_type: "t5", num_layers: 12, num_heads: 12, d_model: 768, d_kv: 64, is_encoder_decoder: true },
    "encoderDecoder",
  ],
  "facebook/bart-large": [{ model_type: "bart", d_model: 1024, num_hidden_layers: 12, encoder_attention_heads: 16 }, "encoderDecoder"],
  "openai/whisper-large-v3": [
    { model_type: "whisper", d_model: 1280, num_hidden_layers: 32, decoder_attention_heads: 20 },
    "encoderDecoder",
  ],
  "deepseek-ai/DeepSeek-V3.2": [
    standard("deepseek_v32", 61, 7168, 128, { kv_lora_rank: 512, qk_rope_head_dim: 64, index_head_dim: 128 }),
    "index",
  ],
  "key-value heads as text": [standard("llama", 32, 4096, 32, { num_key_value_heads: "8" }), "numbers"],
  "no key-value heads at all": [standard("llama", 32, 4096, 32, { num_key_value_heads: 0 }), "numbers"],
  "a negative width": [standard("llama", 32, 4096, 32, { head_dim: -128 }), "numbers"],
  "half a layer": [standard("llama", 0.5, 4096, 32), "numbers"],
  "a list with text": [standard("openelm", 2, 4096, 32, { num_kv_heads: [4, "4"] }), "numbers"],
  "a window as text": [standard("mistral", 2, 4096, 32, { sliding_window: "4096" }), "numbers"],
  "numbers for each layer": [standard("gemma4_text", 2, 4096, 32, { per_layer_config: { "0": { head_dim: 512 } } }), "numbers"],
  "layers of a kind that is not known": [
    standard("new_model", 2, 4096, 32, { layer_types: ["full_attention", "hash_attention"] }),
    undefined,
  ],
  nothing: [{}, undefined],
};

describe("what a model caches", () => {
  for (const [name, [config, why]] of Object.entries(unknown)) {
    it(`${name}: is not known, because of ${why ?? "nothing that can be said"}`, () => {
      assert.equal(cacheShape(attentionFromConfig(config), []), undefined);
      assert.equal(attentionFromConfig(config).unknown, why);
    });
  }
});
