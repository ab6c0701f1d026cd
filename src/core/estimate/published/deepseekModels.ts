import type { Config } from "../textConfig";
import { decoder, type PublishedModel } from "./publishedModel";

/** Multi-head latent attention as all of them have it. */
const latent = { kv_lora_rank: 512, qk_rope_head_dim: 64, qk_nope_head_dim: 128, v_head_dim: 128, tie_word_embeddings: false };

/** @param experts how many there are, how many a token passes through, how wide each is, how many are shared, layers without any */
function experts([routed, used, width, shared, dense]: readonly [number, number, number, number, number]): Config {
  return {
    ...latent,
    n_routed_experts: routed,
    num_experts_per_tok: used,
    moe_intermediate_size: width,
    n_shared_experts: shared,
    first_k_dense_replace: dense,
  };
}

const large = { q_lora_rank: 1536, topk_method: "noaux_tc" };

/** DeepSeek, and Kimi K2, which is made alike. From the config.json published with each. */
export const deepseekModels: readonly PublishedModel[] = [
  decoder("DeepSeek-V2-Lite", "deepseek_v2", [27, 2048, 10944], [16, 16], 102400, 163840, {
    config: experts([64, 6, 1408, 2, 1]),
    aliases: ["DeepSeek-Coder-V2-Lite", "DeepSeek-V2-16B", "DeepSeek-Coder-V2-16B"],
  }),
  decoder("DeepSeek-V2", "deepseek_v2", [60, 5120, 12288], [128, 128], 102400, 163840, {
    config: { ...experts([160, 6, 1536, 2, 1]), q_lora_rank: 1536 },
    aliases: ["DeepSeek-V2.5", "DeepSeek-Coder-V2", "DeepSeek-V2-236B", "DeepSeek-Coder-V2-236B"],
  }),
  decoder("DeepSeek-V3", "deepseek_v3", [61, 7168, 18432], [128, 128], 129280, 163840, {
    config: { ...experts([256, 8, 2048, 1, 3]), ...large },
    aliases: ["DeepSeek-R1", "DeepSeek-V3.1", "DeepSeek-R1-0528", "DeepSeek-V3-671B", "DeepSeek-V3.1-671B", "DeepSeek-R1-671B"],
  }),
  decoder("Kimi-K2", "kimi_k2", [61, 7168, 18432], [64, 64], 163840, 131072, {
    config: { ...experts([384, 8, 2048, 1, 1]), ...large },
    aliases: ["Kimi-K2-1T"],
  }),
];
