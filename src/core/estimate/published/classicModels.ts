import { decoder, type PublishedModel } from "./publishedModel";

/** The models before Llama, and Falcon, smallest of a series first. From the config.json published with each. */
export const classicModels: readonly PublishedModel[] = [
  decoder("Falcon-7B", "falcon", [32, 4544, 18176], [71, 71, 64], 65024, 2048, {
    config: { multi_query: true, new_decoder_architecture: false },
  }),
  decoder("Falcon-40B", "falcon", [60, 8192, 32768], [128, 128, 64], 65024, 2048, {
    config: { num_kv_heads: 8, new_decoder_architecture: true },
  }),
  decoder("GPT-2", "gpt2", [12, 768, 3072], [12, 12, 64], 50257, 1024, { config: { n_positions: 1024 }, aliases: ["GPT2-small"] }),
  decoder("GPT-2-medium", "gpt2", [24, 1024, 4096], [16, 16, 64], 50257, 1024, { config: { n_positions: 1024 } }),
  decoder("GPT-2-large", "gpt2", [36, 1280, 5120], [20, 20, 64], 50257, 1024, { config: { n_positions: 1024 } }),
  decoder("GPT-2-xl", "gpt2", [48, 1600, 6400], [25, 25, 64], 50257, 1024, { config: { n_positions: 1024 } }),
  decoder("GPT-NeoX-20B", "gpt_neox", [44, 6144, 24576], [64, 64, 96], 50432, 2048),
  decoder("Pythia-6.9B", "gpt_neox", [32, 4096, 16384], [32, 32, 128], 50432, 2048),
  decoder("Pythia-12B", "gpt_neox", [36, 5120, 20480], [40, 40, 128], 50688, 2048),
  decoder("OPT-6.7B", "opt", [32, 4096, 16384], [32, 32, 128], 50272, 2048),
  decoder("OPT-30B", "opt", [48, 7168, 28672], [56, 56, 128], 50272, 2048),
  decoder("BLOOM", "bloom", [70, 14336, 57344], [112, 112, 128], 250880, 2048, { aliases: ["BLOOM-176B"] }),
  decoder("BLOOM-7B1", "bloom", [30, 4096, 16384], [32, 32, 128], 250880, 2048),
  decoder("MPT-7B", "mpt", [32, 4096, 16384], [32, 32, 128], 50432, 2048),
];
