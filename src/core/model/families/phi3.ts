import { phi3 as conversion } from "../../convert/phi3";
import { longRotary } from "../configRotary";
import type { ModelFamily } from "./family";

/** Phi-3, 3.5 and 4 mini: fused matrices, factors for long contexts. llama.cpp does not have its window. */
export const phi3: ModelFamily = {
  id: "phi3",
  classes: conversion.classes,
  activation: "silu",
  ggufPairs: "halves",
  norms: "before",
  queryKeyNorms: false,
  fused: true,
  fromConfig(config) {
    const window = config.optionalCount("sliding_window");
    const rotary = longRotary(config);
    return { window: () => window, rotary: () => rotary };
  },
};
