import type { ConfigReader } from "../../convert/config";
import { qwen2 as conversion2 } from "../../convert/qwen2";
import { qwen3 as conversion3 } from "../../convert/qwen3";
import type { ModelParameters } from "../modelParameters";
import type { ModelFamily } from "./family";

/** The last layers have a window, where the model uses it at all. */
function windows(config: ConfigReader): Pick<ModelParameters, "window"> {
  if (!config.flag("use_sliding_window")) return { window: () => undefined };
  const window = config.optionalCount("sliding_window");
  const types = config.strings("layer_types");
  const first = config.number("max_window_layers") ?? 28;
  const has = (layer: number): boolean => (types ? types[layer] === "sliding_attention" : layer >= first);
  return { window: (layer) => (has(layer) ? window : undefined) };
}

/** Qwen 2 and 2.5: biases on query, key and value. */
export const qwen2: ModelFamily = {
  id: "qwen2",
  classes: conversion2.classes,
  activation: "silu",
  ggufPairs: "halves",
  norms: "before",
  queryKeyNorms: false,
  biases: true,
  fromConfig: windows,
};

/** Qwen 3: a norm on each head's queries and keys. */
export const qwen3: ModelFamily = {
  id: "qwen3",
  classes: conversion3.classes,
  activation: "silu",
  ggufPairs: "halves",
  norms: "before",
  queryKeyNorms: true,
  fromConfig: windows,
};
