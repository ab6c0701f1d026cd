import { attention, latentAttention } from "./attentionTensors";
import type { ConfigFamily } from "./configFamily";
import { expertsOf, feedForward } from "./configFeedForward";
import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import { gatedDelta } from "./deltaTensors";
import { linear, type NamedShape, norm, repeated } from "./namedShape";
import { statesFromConfig } from "./recurrentState";

/**
 * Every tensor that a model with this configuration has, as transformers would store it. Layers that only predict further tokens
 * (`num_nextn_predict_layers`) are left out: they are no part of the model that answers.
 *
 * @throws UsageError `estimate.config-incomplete`, `estimate.out-of-range`
 */
export function configTensors(config: ConfigNumbers, family: ConfigFamily): NamedShape[] {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers", "num_layers");
  const vocabulary = config.count("vocab_size");
  refuseTooMany(layers, 10 + 3 * (expertsOf(config, family) ?? 0));
  const isTied = config.flag("tie_word_embeddings") ?? config.flag("tie_embedding") ?? family.tied;
  const norms = typeof family.norms === "function" ? family.norms(config) : family.norms;
  const hasHeadBias = config.isBiased(family.headBias ?? false);
  return [
    { name: "model.embed_tokens.weight", shape: [vocabulary, hidden] },
    ...repeated(layers, "model.layers", (layer) => [
      ...norms.flatMap((name) => norm(name, hidden, family.normBias)),
      ...(family.mixer?.(config, layer) ?? attentionOf(config, family, layer)),
      ...feedForward(config, family, layer),
      ...(family.extra?.(config) ?? []),
    ]),
    ...(family.plainNorms ? [] : norm("model.norm", hidden, family.normBias)),
    ...(isTied ? [] : linear("lm_head", vocabulary, hidden)),
    ...(hasHeadBias ? [{ name: "lm_head.bias", shape: [vocabulary] }] : []),
  ];
}

function attentionOf(config: ConfigNumbers, family: ConfigFamily, layer: number): NamedShape[] {
  if (family.attention === "latent") return latentAttention(config, layer);
  const isLinear = family.attention === "gatedDelta" && statesFromConfig(config.record)?.hasAttention(layer) !== true;
  return isLinear ? gatedDelta(config, config.record.model_type !== "qwen3_next") : attention(config, family);
}
