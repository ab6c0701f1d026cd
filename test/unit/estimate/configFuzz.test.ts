import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../../src/core/errors";
import { kvCacheBytes } from "../../../src/core/estimate/cacheShape";
import { configuredModel } from "../../../src/core/estimate/configShapes";

const usual = {
  ...{ num_hidden_layers: 2, hidden_size: 64, intermediate_size: 128, num_attention_heads: 4, num_key_value_heads: 2, vocab_size: 256 },
  ...{ num_local_experts: 2, moe_intermediate_size: 32, kv_lora_rank: 16, qk_rope_head_dim: 8, qk_nope_head_dim: 8, v_head_dim: 8 },
  ...{ n_routed_experts: 2, intermediate_size_mlp: 64, max_position_embeddings: 128, sliding_window: 32 },
};
const families = "llama mixtral qwen2_moe gemma3_text deepseek_v3 gpt_oss llama4_text minimax_m2 gpt2 falcon mpt opt phi".split(" ");
const keys = [
  ...Object.keys(usual),
  ...["head_dim", "layer_types", "attn_type_list", "block_configs", "attn_config", "cross_attention_layers", "attention_types"],
  ...["sliding_window_pattern", "no_rope_layers", "moe_layers", "mlp_only_layers", "text_config", "thinker_config", "num_kv_heads"],
  ...["hybrid_layer_pattern", "num_kv_shared_layers", "q_lora_rank", "n_shared_experts", "first_k_dense_replace", "tie_word_embeddings"],
];
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    0,
    -1,
    0.5,
    1e9,
    1e300,
    "8",
    [],
    {},
    [[]],
    [[["local"]]],
    ["full_attention", "x"],
    [{ attention: null }],
    [1, 1],
  ),
);

describe("a config.json of any kind", () => {
  it("gives possible numbers, or a usage error, or says that the cache is not known", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...families), fc.constantFrom(...keys), values, async (model_type, key, value) => {
        try {
          const { shapes } = configuredModel({ ...usual, model_type, [key]: value }, "model");
          assert.ok(Number.isSafeInteger(shapes.parameters) && shapes.parameters > 0);
          if (!shapes.cache) return;
          const bytes = kvCacheBytes(shapes.cache, 4096);
          assert.ok(Number.isInteger(bytes) && bytes >= 0, String(bytes));
        } catch (error) {
          assert.ok(error instanceof UsageError, String(error));
        }
      }),
      { seed: 11, numRuns: 1500 },
    );
  });
});
