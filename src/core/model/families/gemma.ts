import type { ConfigReader } from "../../convert/config";
import { gemma2 as conversion2 } from "../../convert/gemma2";
import { gemma3 as conversion3 } from "../../convert/gemma3";
import { isRepeatedHead } from "../../convert/gemmaNorms";
import { plainFrequencies } from "../frequencies";
import type { RotaryEmbedding } from "../modelDescription";
import type { ModelParameters } from "../modelParameters";
import type { ModelFamily } from "./family";

/** Layers with a window, by their own list or one without after every `pattern` − 1 with. */
function windows(config: ConfigReader, pattern: number): (layer: number) => number | undefined {
  const window = config.optionalCount("sliding_window");
  const types = config.strings("layer_types");
  const has = (layer: number): boolean => (types ? types[layer] === "sliding_attention" : (layer + 1) % pattern !== 0);
  return (layer) => (has(layer) ? window : undefined);
}

const ofConfig = (config: ConfigReader, { hidden, headDim }: ModelParameters) => ({
  normShift: 1 as const,
  embeddingScale: Math.sqrt(hidden),
  attentionScale: (config.number("query_pre_attn_scalar") ?? headDim) ** -0.5,
  attentionCap: config.number("attn_logit_softcapping"),
  logitCap: config.number("final_logit_softcapping"),
  tied: true,
});

/** llama.cpp knows by the number of layers which of the models scales by the width of the stream. */
const scaleOf = ({ layers, hidden, heads, headDim }: ModelParameters, layersOfLargest: number): number =>
  (layers === layersOfLargest ? hidden / heads : headDim) ** -0.5;

/** Gemma 2: soft caps, norms around both halves of a block, a window on every other layer. */
export const gemma2: ModelFamily = {
  id: "gemma2",
  classes: conversion2.classes,
  activation: "gelu",
  ggufPairs: "halves",
  norms: "both",
  queryKeyNorms: false,
  isIgnored: isRepeatedHead,
  fromConfig: (config, common) => ({ ...ofConfig(config, common), window: windows(config, 2) }),
  fromGguf(keys, common) {
    const window = keys.optionalCount("attention.sliding_window") ?? 4096;
    return {
      embeddingScale: Math.sqrt(common.hidden),
      attentionScale: scaleOf(common, 46),
      attentionCap: keys.number("attn_logit_softcapping") ?? 50,
      logitCap: keys.number("final_logit_softcapping") ?? 30,
      window: (layer) => (layer % 2 === 0 ? window : undefined),
    };
  },
};

/** The layers with a window turn positions by a base of their own, without scaling. */
function withLocal({ rotary }: ModelParameters, window: ModelParameters["window"], theta: number): ModelParameters["rotary"] {
  const global = rotary(0)!;
  const local: RotaryEmbedding = { ...global, factor: 1, frequencies: plainFrequencies(theta, global.dimensions) };
  return (layer) => (window(layer) === undefined ? global : local);
}

/** Gemma 3: norms on queries and keys, and five layers with a window to one without. */
export const gemma3: ModelFamily = {
  id: "gemma3",
  classes: conversion3.classes,
  defaults: conversion3.defaults,
  activation: "gelu",
  ggufPairs: "halves",
  norms: "both",
  queryKeyNorms: true,
  isIgnored: conversion3.isDropped,
  fromConfig(config, common) {
    const pattern = config.optionalCount("sliding_window_pattern") ?? config.optionalCount("_sliding_window_pattern") ?? 6;
    const window = windows(config, pattern);
    const local = config.section("rope_parameters")?.section("sliding_attention")?.number("rope_theta");
    return {
      ...ofConfig(config, common),
      window,
      rotary: withLocal(common, window, local ?? config.number("rope_local_base_freq") ?? 10_000),
    };
  },
  fromGguf(keys, common) {
    const size = keys.optionalCount("attention.sliding_window");
    const pattern = keys.optionalCount("attention.sliding_window_pattern") ?? 6;
    const window = (layer: number): number | undefined => ((layer + 1) % pattern !== 0 ? size : undefined);
    return {
      embeddingScale: Math.sqrt(common.hidden),
      attentionScale: scaleOf(common, 62),
      logitCap: keys.number("final_logit_softcapping"),
      window,
      rotary: withLocal(common, window, keys.number("rope.freq_base_swa") ?? 10_000),
    };
  },
};
