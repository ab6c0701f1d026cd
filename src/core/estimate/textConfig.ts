/** A config.json, or a part of one. */
export type Config = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where models of several parts keep the language model's figures: transformers', InternVL's, DeepSeek-VL's, Qwen2.5-Omni's. */
const languageParts = ["text_config", "llm_config", "language_config", "thinker_config"] as const;

const llama = { hidden_size: 4096, intermediate_size: 11008, num_hidden_layers: 32, num_attention_heads: 32, vocab_size: 32000 };
const gemma3 = {
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  max_position_embeddings: 131_072,
  sliding_window: 4096,
  vocab_size: 262_208,
};

/**
 * What a nested part leaves out, because transformers writes only what differs from the defaults of its class
 * (`configuration_*.py`): google/gemma-3-4b-it says nothing of its heads, llava-hf/llava-1.5-7b-hf nothing of its layers. What
 * stands at the top of a config.json is written whole, and nothing is filled in there.
 */
const nestedDefaults: Readonly<Record<string, Config>> = {
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
  gemma2: {
    hidden_size: 2304,
    intermediate_size: 9216,
    num_hidden_layers: 26,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    vocab_size: 256_000,
    max_position_embeddings: 8192,
    sliding_window: 4096,
  },
  gemma3_text: gemma3,
  gemma4_text: { ...gemma3, num_hidden_layers: 30, sliding_window: 512, vocab_size: 262_144 },
  qwen2: { ...llama, intermediate_size: 22016, num_key_value_heads: 32, vocab_size: 151_936, max_position_embeddings: 32_768 },
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

/** Parts that are no language model, as they are called beside it. */
const otherParts = ["vision_config", "audio_config", "visual", "vit_config", "speech_config", "talker_config", "token2wav_config"];

const partOf = (config: Config): Config | undefined => languageParts.map((name) => config[name]).find(isRecord);

/** The language model's part of a config.json. Whether the output is the embedding may be said of the whole model. */
export function textConfig(config: Config): Config {
  const part = partOf(config);
  if (!part) return config;
  if (partOf(part)) return textConfig(part);
  const defaults =
    typeof part.model_type === "string" && Object.hasOwn(nestedDefaults, part.model_type) ? nestedDefaults[part.model_type] : {};
  const tied = typeof config.tie_word_embeddings === "boolean" ? { tie_word_embeddings: config.tie_word_embeddings } : {};
  return { ...defaults, ...tied, ...part };
}

/** The parts beside the language model that a config.json names: encoders of pictures or sound, decoders of speech. */
export function partsBeside(config: Config): string[] {
  const part = partOf(config);
  return [...otherParts.filter((name) => isRecord(config[name])), ...(part ? partsBeside(part) : [])];
}
