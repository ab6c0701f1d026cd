import { llama as conversion } from "../../convert/llama";
import type { ModelFamily } from "./family";

/** Llama 2 and 3, SmolLM, and Mistral, whose window llama.cpp does not have. */
export const llama: ModelFamily = {
  id: "llama",
  classes: conversion.classes,
  activation: "silu",
  ggufPairs: "interleaved",
  norms: "before",
  queryKeyNorms: false,
  fromConfig(config) {
    const isMistral = config.strings("architectures")?.includes("MistralForCausalLM");
    const window = isMistral ? config.optionalCount("sliding_window") : undefined;
    return { window: () => window };
  },
};
