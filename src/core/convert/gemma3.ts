import { type KeyValue, keyValue } from "../formats/gguf/writer/keyValue";
import { type Architecture, commonKeys } from "./architecture";
import { isBesideText } from "../recipe/besideText";
import type { ConfigReader } from "./config";
import { isRepeatedHead, withPlainNorms, withReducedNorms } from "./gemmaNorms";
import { queryScaleNotes } from "./gemmaQueryScale";

/** What llama.cpp assumes of the layers with a window. */
const defaults = { pattern: 6, localTheta: 10_000 };

/** Gemma 3, the language model of it: five layers with a window to one without. Source: llama.cpp `conversion/gemma.py`. */
export const gemma3: Architecture = {
  id: "gemma3",
  classes: ["Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"],
  defaults: {
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    max_position_embeddings: 131_072,
    rms_norm_eps: 1e-6,
    rope_theta: 1_000_000,
  },
  isDropped: (name) => isRepeatedHead(name) || isBesideText(name),
  keyValues: (config) => [...commonKeys("gemma3", config), ...windowKeys(config)],
  transform: withPlainNorms,
  restore: withReducedNorms,
  configuration: (keys) => ({
    model_type: "gemma3_text",
    hidden_activation: "gelu_pytorch_tanh",
    sliding_window: keys.number("attention.sliding_window") ?? null,
    sliding_window_pattern: keys.number("attention.sliding_window_pattern") ?? defaults.pattern,
    rope_local_base_freq: keys.number("rope.freq_base_swa") ?? defaults.localTheta,
    final_logit_softcapping: keys.number("final_logit_softcapping") ?? null,
    // What llama.cpp divides by: no key says it.
    query_pre_attn_scalar:
      keys.number("block_count") === 62
        ? keys.needed("embedding_length") / keys.needed("attention.head_count")
        : keys.needed("attention.key_length"),
  }),
  notes: (config) => [
    ...(config.strings("architectures")?.includes("Gemma3ForConditionalGeneration")
      ? ["Only the language model is written: llama.cpp keeps the image encoder in a file of its own"]
      : []),
    ...queryScaleNotes(config, 62),
  ],
};

function windowKeys(config: ConfigReader): KeyValue[] {
  const pattern = config.optionalCount("sliding_window_pattern") ?? config.optionalCount("_sliding_window_pattern") ?? defaults.pattern;
  const localTheta =
    config.section("rope_parameters")?.section("sliding_attention")?.number("rope_theta") ??
    config.number("rope_local_base_freq") ??
    defaults.localTheta;
  const cap = config.number("final_logit_softcapping");
  return [
    ...(pattern === 1 ? [] : [keyValue("gemma3.attention.sliding_window", "u32", config.count("sliding_window"))]),
    ...(pattern === defaults.pattern ? [] : [keyValue("gemma3.attention.sliding_window_pattern", "u32", pattern)]),
    ...(localTheta === defaults.localTheta ? [] : [keyValue("gemma3.rope.freq_base_swa", "f32", localTheta)]),
    ...(cap === undefined ? [] : [keyValue("gemma3.final_logit_softcapping", "f32", cap)]),
  ];
}
