import type { ModelFamily } from "./family";

/** Granite 3: Llama with factors on embeddings, scores, what layers add, and logits. */
export const granite: ModelFamily = {
  id: "granite",
  classes: ["GraniteForCausalLM"],
  activation: "silu",
  ggufPairs: "interleaved",
  norms: "before",
  queryKeyNorms: false,
  fromConfig: (config) => ({
    embeddingScale: config.needed("embedding_multiplier"),
    residualScale: config.needed("residual_multiplier"),
    attentionScale: config.needed("attention_multiplier"),
    logitScale: 1 / config.needed("logits_scaling"),
  }),
  fromGguf: (keys, common) => ({
    embeddingScale: keys.number("embedding_scale") ?? 1,
    residualScale: keys.number("residual_scale") ?? 1,
    attentionScale: keys.number("attention.scale") ?? common.attentionScale,
    logitScale: 1 / (keys.number("logit_scale") ?? 1),
  }),
};
