import type { ModelFamily } from "./family";

/** One layer of so many is not told of positions. */
const defaultInterval = 4;

/** SmolLM 3: Llama with every fourth layer without positions. */
export const smollm3: ModelFamily = {
  id: "smollm3",
  classes: ["SmolLM3ForCausalLM"],
  activation: "silu",
  ggufPairs: "interleaved",
  norms: "before",
  queryKeyNorms: false,
  fromConfig(config, { rotary }) {
    const turned = config.numbers("no_rope_layers");
    const interval = config.optionalCount("no_rope_layer_interval") ?? defaultInterval;
    const isTurned = (layer: number): boolean => (turned ? turned[layer] !== 0 : (layer + 1) % interval !== 0);
    return { rotary: (layer) => (isTurned(layer) ? rotary(layer) : undefined) };
  },
  fromGguf: (_, { rotary }) => ({ rotary: (layer) => ((layer + 1) % defaultInterval === 0 ? undefined : rotary(layer)) }),
};
