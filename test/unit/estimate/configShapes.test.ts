import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { estimateSize } from "../../../src/core/estimate/estimateSize";
import { configFamilies } from "../../../src/core/estimate/configFamilies";
import { ConfigNumbers } from "../../../src/core/estimate/configNumbers";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { configTensors } from "../../../src/core/estimate/configTensors";
import { shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import { openPath } from "../../../src/io/openPath";
import { sharedOrSkip } from "../../support/shared";

type Config = Record<string, unknown>;

/**
 * Figures of published config.json files (also in `python/mlc_llm/model/model_preset.py` of mlc-ai/mlc-llm), and the number of weights of
 * the published files: `safetensors.total` of Hugging Face's model API, `general.parameter_count` of their GGUF files, or the presets of
 * keras-team/keras-hub. Llama 2's files hold 64 rotary frequencies a layer besides.
 */
const published: Record<string, [number, Config]> = {
  "Llama-2-7b-hf": [
    6_738_417_664 - 32 * 64,
    {
      ...{ model_type: "llama", hidden_size: 4096, intermediate_size: 11008, num_hidden_layers: 32, num_attention_heads: 32 },
      ...{ num_key_value_heads: 32, vocab_size: 32000, tie_word_embeddings: false },
    },
  ],
  "Llama-2-13b-hf": [
    13_015_866_880 - 40 * 64,
    {
      ...{ model_type: "llama", hidden_size: 5120, intermediate_size: 13824, num_hidden_layers: 40, num_attention_heads: 40 },
      ...{ num_key_value_heads: 40, vocab_size: 32000, tie_word_embeddings: false },
    },
  ],
  "Llama-3.1-70B": [
    70_553_706_496,
    {
      ...{ model_type: "llama", hidden_size: 8192, intermediate_size: 28672, num_hidden_layers: 80, num_attention_heads: 64 },
      ...{ num_key_value_heads: 8, vocab_size: 128256, tie_word_embeddings: false },
    },
  ],
  "Llama-3.1-405B": [
    405_853_388_800,
    {
      ...{ model_type: "llama", hidden_size: 16384, intermediate_size: 53248, num_hidden_layers: 126, num_attention_heads: 128 },
      ...{ num_key_value_heads: 8, vocab_size: 128256, tie_word_embeddings: false },
    },
  ],
  "Llama-3-8B": [
    8_030_261_248,
    {
      ...{ model_type: "llama", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32, num_attention_heads: 32 },
      ...{ num_key_value_heads: 8, vocab_size: 128256, tie_word_embeddings: false },
    },
  ],
  "Mistral-7B-v0.1": [
    7_241_732_096,
    {
      ...{ model_type: "mistral", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32, num_attention_heads: 32 },
      ...{ num_key_value_heads: 8, vocab_size: 32000, sliding_window: 4096, tie_word_embeddings: false },
    },
  ],
  "Qwen2.5-7B": [
    7_615_616_512,
    {
      ...{ model_type: "qwen2", hidden_size: 3584, intermediate_size: 18944, num_hidden_layers: 28, num_attention_heads: 28 },
      ...{ num_key_value_heads: 4, vocab_size: 152064, tie_word_embeddings: false },
    },
  ],
  "SmolLM3-3B-Base": [
    3_075_098_624,
    {
      ...{ model_type: "smollm3", hidden_size: 2048, intermediate_size: 11008, num_hidden_layers: 36, num_attention_heads: 16 },
      ...{ num_key_value_heads: 4, vocab_size: 128256 },
    },
  ],
  "OLMo-2-1124-7B": [
    7_298_617_344,
    {
      ...{ model_type: "olmo2", hidden_size: 4096, intermediate_size: 11008, num_hidden_layers: 32, num_attention_heads: 32 },
      ...{ num_key_value_heads: 32, vocab_size: 100352, tie_word_embeddings: false },
    },
  ],
  "gemma-2-2b": [
    2_614_341_888,
    {
      ...{ model_type: "gemma2", hidden_size: 2304, intermediate_size: 9216, num_hidden_layers: 26, num_attention_heads: 8 },
      ...{ num_key_value_heads: 4, head_dim: 256, vocab_size: 256000 },
    },
  ],
  "gemma-3-1b-it": [
    999_885_952,
    {
      ...{ model_type: "gemma3_text", hidden_size: 1152, intermediate_size: 6912, num_hidden_layers: 26, num_attention_heads: 4 },
      ...{ num_key_value_heads: 1, head_dim: 256, vocab_size: 262144 },
    },
  ],
  "gemma-2-9b": [
    9_241_705_984,
    {
      ...{ model_type: "gemma2", hidden_size: 3584, intermediate_size: 14336, num_hidden_layers: 42, num_attention_heads: 16 },
      ...{ num_key_value_heads: 8, head_dim: 256, vocab_size: 256000 },
    },
  ],
  "Phi-3-mini-4k": [
    3_821_079_552,
    {
      ...{ model_type: "phi3", hidden_size: 3072, intermediate_size: 8192, num_hidden_layers: 32, num_attention_heads: 32 },
      ...{ num_key_value_heads: 32, vocab_size: 32064, tie_word_embeddings: false },
    },
  ],
  "Mixtral-8x7B": [
    46_702_792_704,
    {
      ...{ model_type: "mixtral", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32, num_attention_heads: 32 },
      ...{ num_key_value_heads: 8, vocab_size: 32000, num_local_experts: 8, tie_word_embeddings: false },
    },
  ],
  "Qwen3-30B-A3B": [
    30_532_122_624,
    {
      ...{ model_type: "qwen3_moe", hidden_size: 2048, intermediate_size: 6144, moe_intermediate_size: 768, num_hidden_layers: 48 },
      ...{ num_attention_heads: 32, num_key_value_heads: 4, head_dim: 128, num_experts: 128, vocab_size: 151936 },
      ...{ tie_word_embeddings: false, decoder_sparse_step: 1, mlp_only_layers: [] },
    },
  ],
  "gpt-oss-20b": [
    20_914_757_184,
    {
      ...{ model_type: "gpt_oss", hidden_size: 2880, intermediate_size: 2880, num_hidden_layers: 24, num_attention_heads: 64 },
      ...{ num_key_value_heads: 8, head_dim: 64, vocab_size: 201088, num_local_experts: 32, attention_bias: true },
    },
  ],
  "gpt-oss-120b": [
    116_829_156_672,
    {
      ...{ model_type: "gpt_oss", hidden_size: 2880, intermediate_size: 2880, num_hidden_layers: 36, num_attention_heads: 64 },
      ...{ num_key_value_heads: 8, head_dim: 64, vocab_size: 201088, num_local_experts: 128, attention_bias: true },
    },
  ],
  "DeepSeek-V2-Lite": [
    15_706_484_224,
    {
      ...{ model_type: "deepseek_v2", hidden_size: 2048, intermediate_size: 10944, moe_intermediate_size: 1408, num_hidden_layers: 27 },
      ...{ num_attention_heads: 16, q_lora_rank: null, kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 },
      ...{ n_routed_experts: 64, n_shared_experts: 2, first_k_dense_replace: 1, moe_layer_freq: 1, vocab_size: 102400 },
      tie_word_embeddings: false,
    },
  ],
  // 671.0 B without the layer that predicts further tokens, as its README_WEIGHTS.md counts.
  "DeepSeek-V3": [
    671_026_419_200,
    {
      ...{ model_type: "deepseek_v3", hidden_size: 7168, intermediate_size: 18432, moe_intermediate_size: 2048, num_hidden_layers: 61 },
      ...{ num_attention_heads: 128, q_lora_rank: 1536, kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 },
      ...{ n_routed_experts: 256, n_shared_experts: 1, first_k_dense_replace: 3, moe_layer_freq: 1, vocab_size: 129280 },
      ...{ topk_method: "noaux_tc", num_nextn_predict_layers: 1, tie_word_embeddings: false },
    },
  ],
  "DeepSeek-V2": [
    235_741_434_880,
    {
      ...{ model_type: "deepseek_v2", hidden_size: 5120, intermediate_size: 12288, moe_intermediate_size: 1536, num_hidden_layers: 60 },
      ...{ num_attention_heads: 128, q_lora_rank: 1536, kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 },
      ...{ n_routed_experts: 160, n_shared_experts: 2, first_k_dense_replace: 1, moe_layer_freq: 1, vocab_size: 102400 },
      tie_word_embeddings: false,
    },
  ],
};

/** Those of the made checkpoints whose tensors are named, and those of which only sizes are known. */
const counted = "llama llama3 smollm smollm3 mistral mixtral qwen2 qwen3 qwen3_moe gemma2 gemma3 phi3 granite olmo2 deepseek_v2".split(" ");
const unnamed = ["gpt2", "starcoder2"];

interface Shaped {
  name: string;
  shape: readonly number[];
}

/** The experts of a layer as one tensor each, under the first one's name. */
function withStackedExperts(tensors: readonly Shaped[]): Shaped[] {
  const counts = new Map<string, { shape: readonly number[]; count: number }>();
  for (const { name, shape } of tensors) {
    const first = name.replace(/\.experts\.\d+\./, ".experts.0.");
    counts.set(first, { shape, count: (counts.get(first)?.count ?? 0) + 1 });
  }
  return [...counts].map(([name, { shape, count }]) => ({ name, shape: count === 1 ? shape : [count, ...shape] }));
}

describe("shapes from a config.json", () => {
  for (const [name, [parameters, config]] of Object.entries(published)) {
    it(`${name} has as many weights as the published files`, async () => {
      const { shapes, uncounted } = configuredModel(config, name);
      assert.equal(shapes.parameters, parameters);
      assert.deepEqual(uncounted, []);
    });
  }

  for (const folder of counted) {
    it(`${folder}: every tensor, and every size, is that of the real checkpoint`, async function () {
      const config = JSON.parse(readFileSync(sharedOrSkip(this, `fixtures/architectures/${folder}/config.json`), "utf8")) as Config;
      const checkpoint = await openPath(path.dirname(sharedOrSkip(this, `fixtures/architectures/${folder}/config.json`)));
      try {
        const named = configTensors(new ConfigNumbers(config), configFamilies.get(String(config.model_type))!);
        const lines = (tensors: readonly Shaped[]): string[] => tensors.map(({ name, shape }) => `${name} ${shape.join("x")}`).sort();
        assert.deepEqual(lines(named), lines(withStackedExperts(checkpoint.tensors)));
        const real = await shapesFromCheckpoint(checkpoint);
        const { shapes } = configuredModel(config, folder);
        assert.equal(shapes.parameters, real.parameters);
        assert.deepEqual(shapes.cache, real.cache);
        const sizes = (of: typeof shapes) =>
          estimateSize({ shapes: of, context: 100 }).rows.map(({ type, totalBytes }) => [type, totalBytes]);
        assert.deepEqual(sizes(shapes), sizes(real));
      } finally {
        await checkpoint.close();
      }
    });
  }

  for (const folder of unnamed) {
    it(`${folder}: as many weights, and the same cache, as the real checkpoint`, async function () {
      const file = sharedOrSkip(this, `fixtures/architectures/${folder}/config.json`);
      const checkpoint = await openPath(path.dirname(file));
      try {
        const real = await shapesFromCheckpoint(checkpoint);
        const { shapes } = configuredModel(JSON.parse(readFileSync(file, "utf8")) as Config, folder);
        assert.deepEqual([shapes.parameters, shapes.cache], [real.parameters, real.cache]);
      } finally {
        await checkpoint.close();
      }
    });
  }

  it("says of which family it does not know the weights", async () => {
    assert.throws(() => configuredModel({ model_type: "xlstm" }, "model"), { code: "estimate.unknown-family", message: /"xlstm"/ });
  });

  it("counts the language model of a larger one, and says what it leaves out", async () => {
    const [parameters, text_config] = published["gemma-2-9b"]!;
    const { shapes, uncounted } = configuredModel({ model_type: "paligemma", text_config, vision_config: { hidden_size: 8 } }, "model");
    assert.equal(shapes.parameters, parameters);
    assert.deepEqual(uncounted, ["vision_config"]);
  });

  it("refuses a configuration that lacks a number, or has one that cannot be", async () => {
    const [, config] = published["Llama-3-8B"]!;
    const refused: [Config, string][] = [
      [{}, "estimate.unknown-family"],
      [{ ...config, model_type: 7 }, "estimate.unknown-family"],
      [{ ...config, vocab_size: undefined }, "estimate.config-incomplete"],
      [{ ...config, hidden_size: "4096" }, "estimate.config-incomplete"],
      [{ ...config, num_hidden_layers: 4e9 }, "estimate.out-of-range"],
      [{ ...published["Mixtral-8x7B"]![1], num_local_experts: 4e8 }, "estimate.out-of-range"],
    ];
    for (const [broken, code] of refused) assert.throws(() => configuredModel(broken, "model"), { code });
  });
});
