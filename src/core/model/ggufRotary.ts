import { dividedFrequencies, plainFrequencies, yarnFrequencies, yarnMagnitude } from "./frequencies";
import type { GgufKeys } from "./ggufKeys";
import type { RotaryEmbedding } from "./modelDescription";
import { unknownPart } from "./modelParameters";

/** Source: llama.cpp `ggml_rope_ext`, and `llama_model::get_rope_factors`. */
const yarnBetas = { betaFast: 32, betaSlow: 1, truncate: true };

/**
 * How a model turns positions by the keys and factor tensors of its GGUF file.
 *
 * @throws FormatError `model.unknown-part` for another way of scaling
 */
export function rotaryFromGguf(keys: GgufKeys, headDim: number, pairs: RotaryEmbedding["pairs"]): RotaryEmbedding {
  const dimensions = keys.optionalCount("rope.dimension_count") ?? headDim;
  if (dimensions % 2 !== 0 || dimensions > headDim) {
    throw unknownPart("number of rotary dimensions", `an even number up to ${headDim}`, String(dimensions));
  }
  const theta = keys.number("rope.freq_base") ?? 10_000;
  const magnitude = keys.number("rope.scaling.attn_factor") ?? 1;
  const base = { dimensions, pairs, factor: magnitude } as const;
  const plain = plainFrequencies(theta, dimensions);
  const factors = keys.factorsOf("rope_freqs.weight", dimensions / 2);
  if (factors) return { ...base, frequencies: dividedFrequencies(plain, factors) };
  const short = keys.factorsOf("rope_factors_short.weight", dimensions / 2);
  const long = keys.factorsOf("rope_factors_long.weight", dimensions / 2);
  if (short && long) {
    const context = keys.count("rope.scaling.original_context_length");
    return { ...base, frequencies: dividedFrequencies(plain, short), long: { context, frequencies: dividedFrequencies(plain, long) } };
  }
  const type = keys.text("rope.scaling.type") ?? "none";
  switch (type) {
    case "none":
    case "longrope":
      return { ...base, frequencies: plain };
    case "linear": {
      const factor = keys.needed("rope.scaling.factor");
      return { ...base, frequencies: plain.map((frequency) => frequency / factor) };
    }
    case "yarn": {
      const factor = keys.needed("rope.scaling.factor");
      const original = keys.optionalCount("rope.scaling.original_context_length") ?? keys.count("context_length");
      const frequencies = yarnFrequencies({ theta, dimensions, factor, original, ...yarnBetas });
      return { ...base, factor: magnitude * yarnMagnitude(factor), frequencies };
    }
    default:
      throw unknownPart("scaling of positions", "none, linear, yarn or longrope", type);
  }
}
