import type { ModelFamily } from "./family";

/** OLMo 2: norms after attention and feed-forward layer instead of before, and over all queries, all keys together. */
export const olmo2: ModelFamily = {
  id: "olmo2",
  classes: ["Olmo2ForCausalLM"],
  activation: "silu",
  ggufPairs: "halves",
  norms: "after",
  queryKeyNorms: true,
};
