import { type Architecture, commonKeys } from "./architecture";

/** Qwen 2 and 2.5: biases on query, key and value. Source: llama.cpp `conversion/qwen.py`. */
export const qwen2: Architecture = {
  id: "qwen2",
  classes: ["Qwen2ForCausalLM"],
  keyValues: (config) => commonKeys("qwen2", config),
  configuration: () => ({ use_sliding_window: false }),
};
