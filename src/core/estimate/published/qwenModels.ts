import { decoder, type PublishedModel, tied, withOtherContexts } from "./publishedModel";

/** Names of the models of July 2025. */
const revised = (name: string) => [`${name}-2507`, `${name}-Instruct-2507`, `${name}-Thinking-2507`] as const;

/**
 * Qwen, and what was trained from it, smallest of a series first. From the config.json published with each; of Qwen2.5 those of the
 * instruct models, some of whose base models say 131,072.
 */
export const qwenModels: readonly PublishedModel[] = [
  decoder("Qwen2.5-0.5B", "qwen2", [24, 896, 4864], [14, 2, 64], 151936, 32768, {
    config: tied,
    aliases: ["Qwen2.5-Coder-0.5B", "Qwen2-0.5B"],
  }),
  ...withOtherContexts(
    decoder("Qwen2.5-1.5B", "qwen2", [28, 1536, 8960], [12, 2, 128], 151936, 32768, {
      config: tied,
      aliases: ["Qwen2.5-Coder-1.5B", "Qwen2-1.5B"],
    }),
    { 4096: ["Qwen2.5-Math-1.5B"] },
  ),
  decoder("Qwen2.5-3B", "qwen2", [36, 2048, 11008], [16, 2, 128], 151936, 32768, { config: tied, aliases: ["Qwen2.5-Coder-3B"] }),
  ...withOtherContexts(
    decoder("Qwen2.5-7B", "qwen2", [28, 3584, 18944], [28, 4, 128], 152064, 32768, { aliases: ["Qwen2.5-Coder-7B", "Qwen2-7B"] }),
    { 4096: ["Qwen2.5-Math-7B"], 131072: ["DeepSeek-R1-Distill-Qwen-7B", "DeepSeek-R1-7B"] },
  ),
  ...withOtherContexts(
    decoder("Qwen2.5-14B", "qwen2", [48, 5120, 13824], [40, 8, 128], 152064, 32768, { aliases: ["Qwen2.5-Coder-14B"] }),
    { 131072: ["DeepSeek-R1-Distill-Qwen-14B", "DeepSeek-R1-14B"] },
  ),
  ...withOtherContexts(
    decoder("Qwen2.5-32B", "qwen2", [64, 5120, 27648], [40, 8, 128], 152064, 32768, { aliases: ["Qwen2.5-Coder-32B"] }),
    { 131072: ["DeepSeek-R1-Distill-Qwen-32B", "DeepSeek-R1-32B", "QwQ-32B"] },
  ),
  ...withOtherContexts(decoder("Qwen2.5-72B", "qwen2", [80, 8192, 29568], [64, 8, 128], 152064, 32768, { aliases: ["Qwen2-72B"] }), {
    4096: ["Qwen2.5-Math-72B"],
  }),
  decoder("DeepSeek-R1-Distill-Qwen-1.5B", "qwen2", [28, 1536, 8960], [12, 2, 128], 151936, 131072, { aliases: ["DeepSeek-R1-1.5B"] }),
  decoder("Qwen3-0.6B", "qwen3", [28, 1024, 3072], [16, 8, 128], 151936, 40960, { config: tied }),
  decoder("Qwen3-1.7B", "qwen3", [28, 2048, 6144], [16, 8, 128], 151936, 40960, { config: tied }),
  ...withOtherContexts(decoder("Qwen3-4B", "qwen3", [36, 2560, 9728], [32, 8, 128], 151936, 40960, { config: tied }), {
    262144: revised("Qwen3-4B"),
  }),
  ...withOtherContexts(decoder("Qwen3-8B", "qwen3", [36, 4096, 12288], [32, 8, 128], 151936, 40960), {
    131072: ["DeepSeek-R1-0528-Qwen3-8B"],
  }),
  decoder("Qwen3-14B", "qwen3", [40, 5120, 17408], [40, 8, 128], 151936, 40960),
  decoder("Qwen3-32B", "qwen3", [64, 5120, 25600], [64, 8, 128], 151936, 40960),
  decoder("Qwen1.5-MoE-A2.7B", "qwen2_moe", [24, 2048, 5632], [16, 16, 128], 151936, 8192, {
    config: { num_experts: 60, num_experts_per_tok: 4, moe_intermediate_size: 1408, shared_expert_intermediate_size: 5632 },
  }),
  ...withOtherContexts(
    decoder("Qwen3-30B-A3B", "qwen3_moe", [48, 2048, 6144], [32, 4, 128], 151936, 40960, {
      config: { num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 768 },
      aliases: ["Qwen3-30B"],
    }),
    { 262144: [...revised("Qwen3-30B-A3B"), "Qwen3-Coder-30B-A3B", "Qwen3-Coder-30B"] },
  ),
  ...withOtherContexts(
    decoder("Qwen3-235B-A22B", "qwen3_moe", [94, 4096, 12288], [64, 4, 128], 151936, 40960, {
      config: { num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 1536 },
      aliases: ["Qwen3-235B"],
    }),
    { 262144: revised("Qwen3-235B-A22B") },
  ),
  decoder("Qwen3-Coder-480B-A35B", "qwen3_moe", [62, 6144, 8192], [96, 8, 128], 151936, 262144, {
    config: { num_experts: 160, num_experts_per_tok: 8, moe_intermediate_size: 2560 },
    aliases: ["Qwen3-Coder-480B"],
  }),
];
