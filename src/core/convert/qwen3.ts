import { type Architecture, commonKeys } from "./architecture";

/** Qwen 3: a norm on each head's queries and keys. Source: llama.cpp `conversion/qwen.py`. */
export const qwen3: Architecture = {
  id: "qwen3",
  classes: ["Qwen3ForCausalLM"],
  keyValues: (config) => commonKeys("qwen3", config),
  configuration: () => ({ use_sliding_window: false }),
};
