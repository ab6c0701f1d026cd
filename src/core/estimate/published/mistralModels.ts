import { decoder, type PublishedModel, withOtherContexts, withVision } from "./publishedModel";

/** Mistral AI, smallest of a series first. From the config.json published with each. */
export const mistralModels: readonly PublishedModel[] = [
  decoder("Mistral-7B-v0.1", "mistral", [32, 4096, 14336], [32, 8, 128], 32000, 32768, {
    config: { sliding_window: 4096 },
    aliases: ["Zephyr-7B"],
  }),
  decoder("Mistral-7B", "mistral", [32, 4096, 14336], [32, 8, 128], 32768, 32768),
  decoder("Mixtral-8x7B", "mixtral", [32, 4096, 14336], [32, 8, 128], 32000, 32768, {
    config: { num_local_experts: 8, num_experts_per_tok: 2 },
  }),
  decoder("Mixtral-8x22B", "mixtral", [56, 6144, 16384], [48, 8, 128], 32000, 65536, {
    config: { num_local_experts: 8, num_experts_per_tok: 2 },
  }),
  decoder("Mistral-Nemo-12B", "mistral", [40, 5120, 14336], [32, 8, 128], 131072, 131072, { aliases: ["Mistral-Nemo"] }),
  decoder("Ministral-8B", "mistral", [36, 4096, 12288], [32, 8, 128], 131072, 32768),
  decoder("Mistral-Small-22B", "mistral", [56, 6144, 16384], [48, 8, 128], 32768, 32768, { aliases: ["Codestral-22B", "Codestral"] }),
  ...withOtherContexts(
    decoder("Mistral-Small-24B", "mistral", [40, 5120, 32768], [32, 8, 128], 131072, 32768, { aliases: ["Mistral-Small-3"] }),
    { 40960: ["Magistral-Small", "Magistral-24B"], 131072: ["Devstral-Small", "Devstral-24B"] },
  ),
  decoder("Mistral-Large-123B", "mistral", [88, 12288, 28672], [96, 8, 128], 32768, 131072, {
    aliases: ["Mistral-Large-2", "Mistral-Large"],
  }),
  withVision(
    decoder("Mistral-Small-3.1-24B", "mistral", [40, 5120, 32768], [32, 8, 128], 131072, 131072, {
      aliases: ["Mistral-Small-3.2-24B", "Mistral-Small-3.1", "Mistral-Small-3.2"],
    }),
    "mistral3",
    { model_type: "pixtral", hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24, image_size: 1540, patch_size: 14 },
  ),
];
