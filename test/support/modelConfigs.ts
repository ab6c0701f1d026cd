/** Fields of a config.json. */
export type Config = Record<string, unknown>;

/** A configuration under the usual names, without widths of the feed-forward network: what attention depends on. */
export const standard = (type: string, layers: number, hidden: number, heads: number, rest: Config = {}): Config => ({
  model_type: type,
  num_hidden_layers: layers,
  hidden_size: hidden,
  num_attention_heads: heads,
  ...rest,
});

/** A configuration under the usual names: what the number of weights depends on. */
export const base = (
  type: string,
  layers: number,
  hidden: number,
  width: number,
  heads: number,
  vocabulary: number,
  rest: Config = {},
): Config => ({
  ...{ model_type: type, num_hidden_layers: layers, hidden_size: hidden, intermediate_size: width, num_attention_heads: heads },
  ...{ vocab_size: vocabulary, ...rest },
});

/** Figures of meta-llama/Meta-Llama-3-8B's config.json: grouped queries. */
export const llama3 = {
  ...{ model_type: "llama", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32, num_attention_heads: 32 },
  ...{ num_key_value_heads: 8, vocab_size: 128256, max_position_embeddings: 8192, tie_word_embeddings: false },
};

/** Of google/gemma-2-9b's: a window in every other layer. */
export const gemma2 = {
  ...{ model_type: "gemma2", hidden_size: 3584, intermediate_size: 14336, num_hidden_layers: 42, num_attention_heads: 16 },
  ...{ num_key_value_heads: 8, head_dim: 256, vocab_size: 256000, sliding_window: 4096, max_position_embeddings: 8192 },
};

/** Of deepseek-ai/DeepSeek-V2's: latent attention, experts. */
export const deepseek = {
  ...{ model_type: "deepseek_v2", hidden_size: 5120, intermediate_size: 12288, moe_intermediate_size: 1536, num_hidden_layers: 60 },
  ...{ num_attention_heads: 128, q_lora_rank: 1536, kv_lora_rank: 512, qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 },
  ...{ n_routed_experts: 160, n_shared_experts: 2, first_k_dense_replace: 1, vocab_size: 102400, tie_word_embeddings: false },
};

/** Of openai/gpt-oss-20b's: windows, experts, biases. */
export const gptOss = {
  ...{ model_type: "gpt_oss", hidden_size: 2880, intermediate_size: 2880, num_hidden_layers: 24, num_attention_heads: 64 },
  ...{ num_key_value_heads: 8, head_dim: 64, vocab_size: 201088, num_local_experts: 32, num_experts_per_tok: 4, attention_bias: true },
  ...{ sliding_window: 128, max_position_embeddings: 131072 },
};
