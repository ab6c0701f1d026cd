import type { ConfigReader } from "../convert/config";
import { rotaryFromConfig } from "./configRotary";
import type { ModelFamily } from "./families/family";
import { type ModelParameters, plainScales, unknownPart } from "./modelParameters";

/** Names in config.json of the two gates there are; `gelu` stands for the approximation in Gemma's oldest files. */
const activations: Readonly<Record<ModelFamily["activation"], readonly string[]>> = {
  silu: ["silu", "swish"],
  gelu: ["gelu_pytorch_tanh", "gelu_new", "gelu"],
};

/**
 * What a config.json says of a model.
 *
 * @throws FormatError `model.unknown-part`, and what reading the configuration throws
 */
export function parametersFromConfig(config: ConfigReader, family: ModelFamily): ModelParameters {
  checkActivation(config, family);
  const headDim = config.headDim();
  const common: ModelParameters = {
    ...plainScales,
    layers: config.count("num_hidden_layers"),
    hidden: config.count("hidden_size"),
    feedForward: config.count("intermediate_size"),
    heads: config.count("num_attention_heads"),
    keyValueHeads: config.keyValueHeads(),
    headDim,
    context: config.count("max_position_embeddings"),
    epsilon: config.number("rms_norm_eps") ?? 1e-6,
    attentionScale: headDim ** -0.5,
    tied: config.flag("tie_word_embeddings"),
    window: () => undefined,
    rotary: once(() => rotaryFromConfig(config)),
  };
  return { ...common, ...family.fromConfig?.(config, common) };
}

/** A family may have angles of its own: then the common ones are never asked for. */
function once<R>(make: () => R): () => R {
  let made: R | undefined;
  return () => (made ??= make());
}

function checkActivation(config: ConfigReader, { activation }: ModelFamily): void {
  const found = config.text("hidden_activation") ?? config.text("hidden_act");
  const known = activations[activation];
  if (found !== undefined && !known.includes(found)) throw unknownPart("activation", known.join(" or "), found, "config.json");
}
