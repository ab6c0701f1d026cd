import { limits } from "../limits";
import type { ModelFamily } from "./families/family";
import type { GgufKeys } from "./ggufKeys";
import { rotaryFromGguf } from "./ggufRotary";
import { type ModelParameters, plainScales, unknownPart } from "./modelParameters";

/**
 * What the keys of a GGUF file say of a model.
 *
 * @throws FormatError `model.bad-key`, `model.unknown-part`
 */
export function parametersFromGguf(keys: GgufKeys, family: ModelFamily): ModelParameters {
  const heads = keys.count("attention.head_count");
  const headDim = headDimOf(keys, heads);
  const rotary = rotaryFromGguf(keys, headDim, family.ggufPairs);
  const common: ModelParameters = {
    ...plainScales,
    layers: keys.count("block_count"),
    hidden: keys.count("embedding_length"),
    feedForward: keys.count("feed_forward_length"),
    heads,
    keyValueHeads: keys.optionalCount("attention.head_count_kv") ?? heads,
    headDim,
    context: keys.count("context_length"),
    epsilon: keys.needed("attention.layer_norm_rms_epsilon"),
    attentionScale: headDim ** -0.5,
    window: () => undefined,
    rotary: () => rotary,
  };
  return { ...common, ...family.fromGguf?.(keys, common) };
}

/** Keys and values of one length, and whole pairs of values. */
function headDimOf(keys: GgufKeys, heads: number): number {
  const headDim = keys.optionalCount("attention.key_length") ?? keys.count("embedding_length") / heads;
  const values = keys.optionalCount("attention.value_length") ?? headDim;
  if (Number.isInteger(headDim / 2) && headDim <= limits.headDimension && values === headDim) return headDim;
  throw unknownPart(
    "shape of attention heads",
    `keys and values of one even length up to ${limits.headDimension}`,
    `${headDim} and ${values}`,
  );
}
