import { decoder, type PublishedModel, tied, withOtherContexts, withVision } from "./publishedModel";

const llama4 = { intermediate_size_mlp: 16384, num_experts_per_tok: 1, attention_chunk_size: 8192 };

const llama4Vision = {
  model_type: "llama4_vision_model",
  hidden_size: 1408,
  intermediate_size: 5632,
  num_hidden_layers: 34,
  image_size: 336,
  patch_size: 14,
  projector_input_dim: 4096,
  projector_output_dim: 4096,
  vision_output_dim: 4096,
};

/** Models of the llama architecture, smallest of a series first. From the config.json published with each. */
export const llamaModels: readonly PublishedModel[] = [
  decoder("TinyLlama-1.1B", "llama", [22, 2048, 5632], [32, 4, 64], 32000, 2048),
  decoder("Llama-7B", "llama", [32, 4096, 11008], [32, 32, 128], 32000, 2048, { aliases: ["Llama-1-7B"] }),
  decoder("Llama-33B", "llama", [60, 6656, 17920], [52, 52, 128], 32000, 2048, { aliases: ["Llama-30B", "Llama-1-33B"] }),
  decoder("Llama-65B", "llama", [80, 8192, 22016], [64, 64, 128], 32000, 2048, { aliases: ["Llama-1-65B"] }),
  decoder("Llama-2-7B", "llama", [32, 4096, 11008], [32, 32, 128], 32000, 4096, { aliases: ["Vicuna-7B"] }),
  decoder("Llama-2-13B", "llama", [40, 5120, 13824], [40, 40, 128], 32000, 4096, { aliases: ["Vicuna-13B"] }),
  decoder("Llama-2-70B", "llama", [80, 8192, 28672], [64, 8, 128], 32000, 4096),
  decoder("CodeLlama-7B", "llama", [32, 4096, 11008], [32, 32, 128], 32016, 16384),
  decoder("CodeLlama-13B", "llama", [40, 5120, 13824], [40, 40, 128], 32016, 16384),
  decoder("CodeLlama-34B", "llama", [48, 8192, 22016], [64, 8, 128], 32000, 16384),
  decoder("Llama-3-8B", "llama", [32, 4096, 14336], [32, 8, 128], 128256, 8192),
  decoder("Llama-3-70B", "llama", [80, 8192, 28672], [64, 8, 128], 128256, 8192),
  decoder("Llama-3.1-8B", "llama", [32, 4096, 14336], [32, 8, 128], 128256, 131072, {
    aliases: ["DeepSeek-R1-Distill-Llama-8B", "Hermes-3-Llama-3.1-8B", "Tulu-3-8B", "Llama-3.1-Nemotron-Nano-8B"],
  }),
  decoder("Llama-3.1-70B", "llama", [80, 8192, 28672], [64, 8, 128], 128256, 131072, {
    aliases: ["Llama-3.3-70B", "DeepSeek-R1-Distill-Llama-70B", "DeepSeek-R1-70B", "Llama-3.1-Nemotron-70B"],
  }),
  decoder("Llama-3.1-405B", "llama", [126, 16384, 53248], [128, 8, 128], 128256, 131072),
  decoder("Llama-3.2-1B", "llama", [16, 2048, 8192], [32, 8, 64], 128256, 131072, { config: tied }),
  decoder("Llama-3.2-3B", "llama", [28, 3072, 8192], [24, 8, 128], 128256, 131072, { config: tied }),
  decoder("Solar-10.7B", "llama", [48, 4096, 14336], [32, 8, 128], 32000, 4096),
  decoder("Yi-6B", "llama", [32, 4096, 11008], [32, 4, 128], 64000, 4096, { aliases: ["Yi-1.5-6B"] }),
  decoder("Yi-9B", "llama", [48, 4096, 11008], [32, 4, 128], 64000, 4096, { aliases: ["Yi-1.5-9B"] }),
  decoder("Yi-34B", "llama", [60, 7168, 20480], [56, 8, 128], 64000, 4096, { aliases: ["Yi-1.5-34B"] }),
  ...withOtherContexts(decoder("SmolLM2-135M", "llama", [30, 576, 1536], [9, 3, 64], 49152, 8192, { config: tied }), {
    2048: ["SmolLM-135M"],
  }),
  ...withOtherContexts(decoder("SmolLM2-360M", "llama", [32, 960, 2560], [15, 5, 64], 49152, 8192, { config: tied }), {
    2048: ["SmolLM-360M"],
  }),
  ...withOtherContexts(decoder("SmolLM2-1.7B", "llama", [24, 2048, 8192], [32, 32, 64], 49152, 8192, { config: tied }), {
    2048: ["SmolLM-1.7B"],
  }),
  decoder("Falcon3-7B", "llama", [28, 3072, 23040], [12, 4, 256], 131072, 32768),
  decoder("Falcon3-10B", "llama", [40, 3072, 23040], [12, 4, 256], 131072, 32768),
  decoder("InternLM2.5-7B", "llama", [32, 4096, 14336], [32, 8, 128], 92544, 32768, { aliases: ["InternLM2-7B"] }),
  decoder("DeepSeek-Coder-6.7B", "llama", [32, 4096, 11008], [32, 32, 128], 32256, 16384),
  decoder("DeepSeek-Coder-33B", "llama", [62, 7168, 19200], [56, 8, 128], 32256, 16384),
  withVision(
    decoder("Llama-4-Scout", "llama4_text", [48, 5120, 8192], [40, 8, 128], 202048, 10485760, {
      config: { ...llama4, num_local_experts: 16, interleave_moe_layer_step: 1 },
      aliases: ["Llama-4-Scout-17B-16E", "Llama-4-Scout-109B"],
    }),
    "llama4",
    llama4Vision,
  ),
  withVision(
    decoder("Llama-4-Maverick", "llama4_text", [48, 5120, 8192], [40, 8, 128], 202048, 1048576, {
      config: { ...llama4, num_local_experts: 128, interleave_moe_layer_step: 2 },
      aliases: ["Llama-4-Maverick-17B-128E", "Llama-4-Maverick-400B"],
    }),
    "llama4",
    llama4Vision,
  ),
];
