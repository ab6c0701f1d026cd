import { decoder, type PublishedModel, tied, withOtherContexts } from "./publishedModel";

/** Phi, gpt-oss, Command, OLMo, Granite, StarCoder, GLM and others, smallest of a series first. From the config.json published with each. */
export const otherModels: readonly PublishedModel[] = [
  decoder("Phi-1.5", "phi", [24, 2048, 8192], [32, 32, 64], 51200, 2048),
  decoder("Phi-2", "phi", [32, 2560, 10240], [32, 32, 80], 51200, 2048),
  decoder("Phi-3-mini", "phi3", [32, 3072, 8192], [32, 32, 96], 32064, 4096, {
    config: { sliding_window: 2047 },
    aliases: ["Phi-3-mini-4k"],
  }),
  decoder("Phi-3.5-mini", "phi3", [32, 3072, 8192], [32, 32, 96], 32064, 131072, {
    config: { sliding_window: 262144 },
    aliases: ["Phi-3-mini-128k"],
  }),
  decoder("Phi-3-medium", "phi3", [40, 5120, 17920], [40, 10, 128], 32064, 4096, { aliases: ["Phi-3-medium-4k"] }),
  decoder("Phi-3.5-MoE", "phimoe", [32, 4096, 6400], [32, 8, 128], 32064, 131072, {
    config: { num_local_experts: 16, num_experts_per_tok: 2, attention_bias: true, lm_head_bias: true },
  }),
  ...withOtherContexts(decoder("Phi-4", "phi3", [40, 5120, 17920], [40, 10, 128], 100352, 16384), { 32768: ["Phi-4-reasoning"] }),
  decoder("Phi-4-mini", "phi3", [32, 3072, 8192], [24, 8, 128], 200064, 131072, { config: tied }),
  decoder("gpt-oss-20b", "gpt_oss", [24, 2880, 2880], [64, 8, 64], 201088, 131072, {
    config: { num_local_experts: 32, num_experts_per_tok: 4, sliding_window: 128, attention_bias: true },
  }),
  decoder("gpt-oss-120b", "gpt_oss", [36, 2880, 2880], [64, 8, 64], 201088, 131072, {
    config: { num_local_experts: 128, num_experts_per_tok: 4, sliding_window: 128, attention_bias: true },
  }),
  decoder("Command-R", "cohere", [40, 8192, 22528], [64, 64, 128], 256000, 131072),
  decoder("Command-R-08-2024", "cohere", [40, 8192, 24576], [64, 8, 128], 256000, 131072),
  decoder("Command-R-Plus", "cohere", [64, 12288, 33792], [96, 8, 128], 256000, 131072, {
    config: { use_qk_norm: true },
    aliases: ["Command-R+"],
  }),
  decoder("Command-R7B", "cohere2", [32, 4096, 14336], [32, 8, 128], 256000, 132096, { config: { sliding_window: 4096 } }),
  decoder("Command-A", "cohere2", [64, 12288, 36864], [96, 8, 128], 256000, 131072, { config: { sliding_window: 4096 } }),
  decoder("Aya-23-8B", "cohere", [32, 4096, 14336], [32, 8, 128], 256000, 8192),
  decoder("SmolLM3-3B", "smollm3", [36, 2048, 11008], [16, 4, 128], 128256, 65536),
  decoder("OLMo-2-1B", "olmo2", [16, 2048, 8192], [16, 16, 128], 100352, 4096),
  decoder("OLMo-2-7B", "olmo2", [32, 4096, 11008], [32, 32, 128], 100352, 4096),
  decoder("OLMo-2-13B", "olmo2", [40, 5120, 13824], [40, 40, 128], 100352, 4096),
  decoder("OLMo-2-32B", "olmo2", [64, 5120, 27648], [40, 8, 128], 100352, 4096),
  decoder("Granite-3.1-2B", "granite", [40, 2048, 8192], [32, 8, 64], 49155, 131072, { config: tied }),
  decoder("Granite-3.1-8B", "granite", [40, 4096, 12800], [32, 8, 128], 49155, 131072, { config: tied }),
  decoder("Granite-3.3-8B", "granite", [40, 4096, 12800], [32, 8, 128], 49159, 131072, { config: tied }),
  decoder("StarCoder2-3B", "starcoder2", [30, 3072, 12288], [24, 2, 128], 49152, 16384, { config: { sliding_window: 4096 } }),
  decoder("StarCoder2-7B", "starcoder2", [32, 4608, 18432], [36, 4, 128], 49152, 16384, { config: { ...tied, sliding_window: 4096 } }),
  decoder("StarCoder2-15B", "starcoder2", [40, 6144, 24576], [48, 4, 128], 49152, 16384, {
    config: { tie_word_embeddings: false, sliding_window: 4096 },
  }),
  decoder("GLM-4-9B-0414", "glm4", [40, 4096, 13696], [32, 2, 128], 151552, 32768, { config: { attention_bias: true } }),
  decoder("GLM-4.5-Air", "glm4_moe", [46, 4096, 10944], [96, 8, 128], 151552, 131072, {
    config: {
      attention_bias: true,
      n_routed_experts: 128,
      num_experts_per_tok: 8,
      moe_intermediate_size: 1408,
      n_shared_experts: 1,
      first_k_dense_replace: 1,
      use_qk_norm: false,
    },
  }),
  decoder("Seed-OSS-36B", "seed_oss", [64, 5120, 27648], [80, 8, 128], 155136, 524288, { config: { attention_bias: true } }),
  decoder("EXAONE-4.0-1.2B", "exaone4", [30, 2048, 4096], [32, 8, 64], 102400, 65536, { config: tied }),
];
