/** How a family's layers are made, where families differ. Source: `modeling_*.py` of transformers. */
export interface ConfigFamily {
  /** Norms of the width of the stream, by their places in a layer. */
  readonly norms: readonly string[];
  /** Norms have biases. */
  readonly normBias?: boolean;
  /** Norms on queries and keys: of each head, or of all heads together. */
  readonly queryKeyNorms?: "head" | "all";
  /** They are there only where the configuration says so (`use_qk_norm`). */
  readonly normsIfSaid?: boolean;
  /** Query, key and value have biases whatever the configuration says. */
  readonly queryKeyValueBias?: boolean;
  /** The attention's output has no bias, even where the configuration says that attention has. */
  readonly noOutputBias?: boolean;
  /** Query, key and value are one matrix, and gate and up another. */
  readonly fused?: boolean;
  /** Only gate and up are one matrix. */
  readonly fusedFeedForward?: boolean;
  /** The output matrix has a bias. */
  readonly headBias?: boolean;
  /** The output matrix is the embedding where the configuration does not say. */
  readonly tied: boolean;
  readonly attention?: "latent" | "gatedDelta";
  /** A learned value for each head that takes part in the softmax (gpt-oss). */
  readonly sinks?: boolean;
  readonly experts?: "mixtral" | "qwen" | "deepseek" | "gptOss" | "llama4";
  /** The router has a bias for each expert that balances them, even where the configuration does not say so. */
  readonly balanced?: boolean;
}

const usualNorms = ["input_layernorm", "post_attention_layernorm"];
const sandwichNorms = [...usualNorms, "pre_feedforward_layernorm", "post_feedforward_layernorm"];

const llama: ConfigFamily = { norms: usualNorms, tied: false };
const gemma3: ConfigFamily = { norms: sandwichNorms, queryKeyNorms: "head", tied: true };
const deepseek: ConfigFamily = { ...llama, attention: "latent", experts: "deepseek" };
const qwen2: ConfigFamily = { ...llama, queryKeyValueBias: true };
const qwen3: ConfigFamily = { ...llama, queryKeyNorms: "head" };
const olmo2: ConfigFamily = { norms: ["post_attention_layernorm", "post_feedforward_layernorm"], queryKeyNorms: "all", tied: false };
const cohere: ConfigFamily = { norms: ["input_layernorm"], queryKeyNorms: "all", normsIfSaid: true, tied: true };

/** Families whose weights can be counted from a config.json, by `model_type`. */
export const configFamilies: ReadonlyMap<string, ConfigFamily> = new Map(
  Object.entries({
    llama,
    mistral: llama,
    granite: llama,
    ministral: llama,
    ministral3: llama,
    smollm3: { ...llama, tied: true },
    mixtral: { ...llama, experts: "mixtral" },
    granitemoe: { ...llama, experts: "mixtral" },
    minimax_m2: { ...llama, queryKeyNorms: "all", normsIfSaid: true, experts: "mixtral", balanced: true },
    phimoe: { ...llama, normBias: true, headBias: true, experts: "mixtral" },
    qwen2,
    qwen2_vl: qwen2,
    qwen2_vl_text: qwen2,
    qwen2_5_vl: qwen2,
    qwen2_5_vl_text: qwen2,
    qwen2_5_omni_text: qwen2,
    qwen2_moe: { ...qwen2, experts: "qwen" },
    qwen3,
    qwen3_vl_text: qwen3,
    qwen3_moe: { ...qwen3, experts: "qwen" },
    qwen3_vl_moe_text: { ...qwen3, experts: "qwen" },
    qwen3_next: { ...qwen3, attention: "gatedDelta", experts: "qwen" },
    seed_oss: { ...llama, noOutputBias: true },
    glm: { ...llama, noOutputBias: true, fusedFeedForward: true },
    glm4: {
      norms: [...usualNorms, "post_self_attn_layernorm", "post_mlp_layernorm"],
      noOutputBias: true,
      fusedFeedForward: true,
      tied: false,
    },
    glm4_moe: { ...llama, noOutputBias: true, queryKeyNorms: "head", normsIfSaid: true, experts: "deepseek", balanced: true },
    cohere,
    cohere2: cohere,
    llama4_text: { ...llama, experts: "llama4" },
    gemma: { norms: usualNorms, tied: true },
    gemma2: { norms: sandwichNorms, tied: true },
    gemma3,
    gemma3_text: gemma3,
    phi3: { ...llama, fused: true },
    olmo2,
    olmo3: olmo2,
    exaone4: { norms: olmo2.norms, queryKeyNorms: "head", tied: false },
    gpt_oss: { ...llama, sinks: true, experts: "gptOss" },
    deepseek_v2: deepseek,
    deepseek_v3: deepseek,
    kimi_k2: deepseek,
  } satisfies Record<string, ConfigFamily>),
);
