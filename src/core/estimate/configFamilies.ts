/** How a family's layers are made, where families differ. Source: `modeling_*.py` of transformers. */
export interface ConfigFamily {
  /** Norms of the width of the stream, by their places in a layer. */
  readonly norms: readonly string[];
  /** Norms on queries and keys: of each head, or of all heads together. */
  readonly queryKeyNorms?: "head" | "all";
  /** Query, key and value have biases whatever the configuration says. */
  readonly queryKeyValueBias?: boolean;
  /** Query, key and value are one matrix, and gate and up another. */
  readonly fused?: boolean;
  /** The output matrix is the embedding where the configuration does not say. */
  readonly tied: boolean;
  readonly attention?: "latent";
  /** A learned value for each head that takes part in the softmax (gpt-oss). */
  readonly sinks?: boolean;
  readonly experts?: "mixtral" | "qwen" | "deepseek" | "gptOss";
}

const usualNorms = ["input_layernorm", "post_attention_layernorm"];
const sandwichNorms = [...usualNorms, "pre_feedforward_layernorm", "post_feedforward_layernorm"];

const llama: ConfigFamily = { norms: usualNorms, tied: false };
const gemma3: ConfigFamily = { norms: sandwichNorms, queryKeyNorms: "head", tied: true };
const deepseek: ConfigFamily = { ...llama, attention: "latent", experts: "deepseek" };

/** Families whose weights can be counted from a config.json, by `model_type`. */
export const configFamilies: ReadonlyMap<string, ConfigFamily> = new Map(
  Object.entries({
    llama,
    mistral: llama,
    granite: llama,
    smollm3: { ...llama, tied: true },
    mixtral: { ...llama, experts: "mixtral" },
    qwen2: { ...llama, queryKeyValueBias: true },
    qwen2_moe: { ...llama, queryKeyValueBias: true, experts: "qwen" },
    qwen3: { ...llama, queryKeyNorms: "head" },
    qwen3_moe: { ...llama, queryKeyNorms: "head", experts: "qwen" },
    gemma: { norms: usualNorms, tied: true },
    gemma2: { norms: sandwichNorms, tied: true },
    gemma3,
    gemma3_text: gemma3,
    phi3: { ...llama, fused: true },
    olmo2: { norms: ["post_attention_layernorm", "post_feedforward_layernorm"], queryKeyNorms: "all", tied: false },
    gpt_oss: { ...llama, sinks: true, experts: "gptOss" },
    deepseek_v2: deepseek,
    deepseek_v3: deepseek,
  } satisfies Record<string, ConfigFamily>),
);
