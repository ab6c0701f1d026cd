import type { ConfigReader } from "../convert/config";
import { attentionFactor, longFactors, originalContext, ropeDimensions } from "../convert/phi3";
import { llama3Factors } from "../convert/rope";
import { dividedFrequencies, plainFrequencies, yarnFrequencies, yarnMagnitude } from "./frequencies";
import type { RotaryEmbedding } from "./modelDescription";
import { unknownPart } from "./modelParameters";

/**
 * How a Hugging Face model turns positions, as transformers' `modeling_rope_utils` has it.
 *
 * @throws FormatError `model.unknown-part` for another way of scaling, and what reading the configuration throws
 */
export function rotaryFromConfig(config: ConfigReader): RotaryEmbedding {
  const { theta, type, values } = config.rope();
  const headDim = config.headDim();
  const plain = plainFrequencies(theta, headDim);
  const whole = (frequencies: number[], factor = 1): RotaryEmbedding => ({ dimensions: headDim, pairs: "halves", frequencies, factor });
  switch (type) {
    // Beyond the context the dynamic one scales, where this model is not run.
    case "default":
    case "dynamic":
      return whole(plain);
    case "linear": {
      const factor = values.needed("factor");
      return whole(plain.map((frequency) => frequency / factor));
    }
    case "llama3":
      return whole(dividedFrequencies(plain, llama3Factors(config)!));
    case "yarn":
      return whole(yarn(config, theta, headDim), yarnFactor(values));
    case "longrope":
    case "su":
      return longRotary(config);
    default:
      throw unknownPart("scaling of positions", "default, linear, dynamic, llama3, yarn or longrope", type, "config.json");
  }
}

function yarn(config: ConfigReader, theta: number, dimensions: number): number[] {
  const { values } = config.rope();
  return yarnFrequencies({
    theta,
    dimensions,
    factor: values.needed("factor"),
    original: values.number("original_max_position_embeddings") ?? config.count("max_position_embeddings"),
    betaFast: values.number("beta_fast") ?? 32,
    betaSlow: values.number("beta_slow") ?? 1,
    truncate: !values.isFalse("truncate"),
  });
}

function yarnFactor(values: ConfigReader): number {
  const factor = values.needed("factor");
  const [mscale, all] = [values.number("mscale"), values.number("mscale_all_dim")];
  const own = mscale && all ? yarnMagnitude(factor, mscale) / yarnMagnitude(factor, all) : yarnMagnitude(factor);
  return values.number("attention_factor") ?? own;
}

/** Phi-3: it may turn only a part of each head, and has other factors for sequences beyond its first context. */
export function longRotary(config: ConfigReader): RotaryEmbedding {
  const dimensions = ropeDimensions(config);
  const plain = plainFrequencies(config.rope().theta, dimensions);
  const factors = longFactors(config);
  if (!factors) return { dimensions, pairs: "halves", frequencies: plain, factor: 1 };
  return {
    dimensions,
    pairs: "halves",
    frequencies: dividedFrequencies(plain, factors.short),
    long: { context: originalContext(config), frequencies: dividedFrequencies(plain, factors.long) },
    factor: config.rope().values.number("attention_factor") ?? attentionFactor(config),
  };
}
