const llama = { hidden_size: 4096, intermediate_size: 11008, num_hidden_layers: 32, num_attention_heads: 32, vocab_size: 32000 };
const gemma2 = {
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  vocab_size: 256_000,
  max_position_embeddings: 8192,
  sliding_window: 4096,
};
const gemma3 = { ...gemma2, vocab_size: 262_208, max_position_embeddings: 131_072 };
const qwen2 = { ...llama, intermediate_size: 22016, num_key_value_heads: 32, vocab_size: 151_936, max_position_embeddings: 32_768 };
const qwen2Vl = {
  ...{ hidden_size: 8192, intermediate_size: 29568, num_hidden_layers: 80, num_attention_heads: 64, num_key_value_heads: 8 },
  ...{ vocab_size: 152_064, max_position_embeddings: 32_768 },
};
const qwen3 = { ...qwen2, head_dim: 128 };

/**
 * What a nested part leaves out, because transformers writes only what differs from the defaults of its class
 * (`configuration_*.py`): google/gemma-3-4b-it says nothing of its heads, llava-hf/llava-1.5-7b-hf nothing of its layers. What
 * stands at the top of a config.json is written whole, and nothing is filled in there.
 */
export const nestedDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  llama: { ...llama, max_position_embeddings: 2048 },
  mistral: { ...llama, intermediate_size: 14336, num_key_value_heads: 8, max_position_embeddings: 131_072, sliding_window: 4096 },
  gemma: {
    hidden_size: 3072,
    intermediate_size: 24576,
    num_hidden_layers: 28,
    num_attention_heads: 16,
    num_key_value_heads: 16,
    head_dim: 256,
    vocab_size: 256_000,
    max_position_embeddings: 8192,
  },
  gemma2,
  gemma3_text: gemma3,
  gemma4_text: { ...gemma3, num_hidden_layers: 30, sliding_window: 512, vocab_size: 262_144 },
  qwen2,
  qwen2_vl_text: qwen2Vl,
  qwen2_5_vl_text: qwen2Vl,
  qwen3,
  qwen3_vl_text: { ...qwen3, max_position_embeddings: 128_000 },
  qwen3_moe: {
    ...{ hidden_size: 2048, intermediate_size: 6144, moe_intermediate_size: 768, num_hidden_layers: 24, num_attention_heads: 32 },
    ...{ num_key_value_heads: 4, vocab_size: 151_936, max_position_embeddings: 32_768 },
  },
  qwen3_vl_moe_text: {
    ...{ hidden_size: 2048, intermediate_size: 5632, moe_intermediate_size: 1408, num_hidden_layers: 24, num_attention_heads: 16 },
    ...{ num_key_value_heads: 16, head_dim: 128, vocab_size: 151_936, max_position_embeddings: 128_000 },
  },
  cohere2: {
    ...{ hidden_size: 8192, intermediate_size: 22528, num_hidden_layers: 40, num_attention_heads: 64, num_key_value_heads: 64 },
    ...{ head_dim: 128, vocab_size: 256_000, max_position_embeddings: 8192, sliding_window: 4096 },
  },
  phi3: {
    ...{ hidden_size: 3072, intermediate_size: 8192, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 32 },
    ...{ vocab_size: 32_064, max_position_embeddings: 4096 },
  },
  glm4: {
    ...{ hidden_size: 4096, intermediate_size: 13696, num_hidden_layers: 40, num_attention_heads: 32, num_key_value_heads: 2 },
    ...{ head_dim: 128, vocab_size: 151_552, max_position_embeddings: 131_072, attention_bias: true },
  },
  ernie4_5: {
    ...{ hidden_size: 1024, intermediate_size: 3072, num_hidden_layers: 18, num_attention_heads: 16, num_key_value_heads: 2 },
    ...{ head_dim: 128, vocab_size: 103_424, max_position_embeddings: 131_072 },
  },
  lfm2: {
    ...{ hidden_size: 2560, intermediate_size: 12288, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8 },
    ...{ vocab_size: 65_536, max_position_embeddings: 128_000, conv_L_cache: 3 },
  },
  granite: { ...llama, max_position_embeddings: 2048 },
  smollm3: {
    ...{ hidden_size: 2048, intermediate_size: 11008, num_hidden_layers: 36, num_attention_heads: 16, num_key_value_heads: 4 },
    ...{ vocab_size: 128_256, max_position_embeddings: 32_768 },
  },
  mllama_text_model: {
    ...{ hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 40, num_attention_heads: 32, num_key_value_heads: 8 },
    ...{ vocab_size: 128_256, max_position_embeddings: 131_072, cross_attention_layers: [3, 8, 13, 18, 23, 28, 33, 38] },
  },
  llama4_text: {
    hidden_size: 5120,
    intermediate_size: 8192,
    intermediate_size_mlp: 16384,
    num_hidden_layers: 48,
    num_attention_heads: 40,
    num_key_value_heads: 8,
    head_dim: 128,
    vocab_size: 202_048,
    max_position_embeddings: 131_072,
    attention_chunk_size: 8192,
    num_local_experts: 16,
    num_experts_per_tok: 1,
  },
};
