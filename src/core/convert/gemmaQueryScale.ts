import type { ConfigReader } from "./config";

/**
 * What llama.cpp divides queries by, where the model divides by something else: no key of a GGUF file says it. Source: llama.cpp
 * `src/models/gemma2.cpp`, `gemma3.cpp`.
 *
 * @param largest layers of the family's 27B model, whose heads are narrower than their share of the embedding
 */
export function queryScaleNotes(config: ConfigReader, largest: number): string[] {
  const scalar = config.number("query_pre_attn_scalar");
  const isLargest = config.count("num_hidden_layers") === largest;
  const used = isLargest ? config.count("hidden_size") / config.count("num_attention_heads") : config.headDim();
  if (scalar === undefined || scalar === used) return [];
  return [`llama.cpp divides queries by the root of ${used}, this model by that of ${scalar}: it answers differently`];
}
