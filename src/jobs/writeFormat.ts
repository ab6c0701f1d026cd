/** What a checkpoint can be written as: GGUF for llama.cpp, the same with a Modelfile, or safetensors. */
export const writeFormats = ["gguf", "ollama", "safetensors"] as const;
export type WriteFormat = (typeof writeFormats)[number];
