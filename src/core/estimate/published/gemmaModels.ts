import { decoder, type PublishedModel, withVision } from "./publishedModel";

const siglip = {
  model_type: "siglip_vision_model",
  hidden_size: 1152,
  intermediate_size: 4304,
  num_hidden_layers: 27,
  image_size: 896,
  patch_size: 14,
  vision_use_head: false,
};

/** Gemma, smallest of a series first. From the config.json published with each. */
export const gemmaModels: readonly PublishedModel[] = [
  decoder("Gemma-2B", "gemma", [18, 2048, 16384], [8, 1, 256], 256000, 8192, { aliases: ["Gemma-1-2B"] }),
  decoder("Gemma-7B", "gemma", [28, 3072, 24576], [16, 16, 256], 256000, 8192, { aliases: ["Gemma-1-7B"] }),
  decoder("Gemma-2-2B", "gemma2", [26, 2304, 9216], [8, 4, 256], 256000, 8192, { config: { sliding_window: 4096 } }),
  decoder("Gemma-2-9B", "gemma2", [42, 3584, 14336], [16, 8, 256], 256000, 8192, { config: { sliding_window: 4096 } }),
  decoder("Gemma-2-27B", "gemma2", [46, 4608, 36864], [32, 16, 128], 256000, 8192, { config: { sliding_window: 4096 } }),
  decoder("Gemma-3-270M", "gemma3_text", [18, 640, 2048], [4, 1, 256], 262144, 32768, { config: { sliding_window: 512 } }),
  decoder("Gemma-3-1B", "gemma3_text", [26, 1152, 6912], [4, 1, 256], 262144, 32768, { config: { sliding_window: 512 } }),
  withVision(
    decoder("Gemma-3-4B", "gemma3_text", [34, 2560, 10240], [8, 4, 256], 262208, 131072, { config: { sliding_window: 1024 } }),
    "gemma3",
    siglip,
  ),
  withVision(
    decoder("Gemma-3-12B", "gemma3_text", [48, 3840, 15360], [16, 8, 256], 262208, 131072, { config: { sliding_window: 1024 } }),
    "gemma3",
    siglip,
  ),
  withVision(
    decoder("Gemma-3-27B", "gemma3_text", [62, 5376, 21504], [32, 16, 128], 262208, 131072, { config: { sliding_window: 1024 } }),
    "gemma3",
    siglip,
  ),
];
