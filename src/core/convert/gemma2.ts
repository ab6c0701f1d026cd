import { keyValue } from "../formats/gguf/writer/keyValue";
import { type Architecture, commonKeys } from "./architecture";
import { isRepeatedHead, withPlainNorms, withReducedNorms } from "./gemmaNorms";
import { queryScaleNotes } from "./gemmaQueryScale";

/** Gemma 2: soft caps, and a window on every other layer. Source: llama.cpp `conversion/gemma.py`. */
export const gemma2: Architecture = {
  id: "gemma2",
  classes: ["Gemma2ForCausalLM"],
  isDropped: isRepeatedHead,
  keyValues: (config) => [
    ...commonKeys("gemma2", config),
    keyValue("gemma2.attn_logit_softcapping", "f32", config.needed("attn_logit_softcapping")),
    keyValue("gemma2.final_logit_softcapping", "f32", config.needed("final_logit_softcapping")),
    keyValue("gemma2.attention.sliding_window", "u32", config.count("sliding_window")),
  ],
  transform: withPlainNorms,
  restore: withReducedNorms,
  configuration: (keys) => ({
    hidden_activation: "gelu_pytorch_tanh",
    attn_logit_softcapping: keys.needed("attn_logit_softcapping"),
    final_logit_softcapping: keys.needed("final_logit_softcapping"),
    sliding_window: keys.needed("attention.sliding_window"),
    // What llama.cpp divides by: no key says it.
    query_pre_attn_scalar:
      keys.number("block_count") === 46
        ? keys.needed("embedding_length") / keys.needed("attention.head_count")
        : keys.needed("attention.key_length"),
  }),
  notes: (config) => queryScaleNotes(config, 46),
};
