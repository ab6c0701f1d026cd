import { FormatError, UsageError } from "../errors";
import { keyValue, type KeyValue } from "../formats/gguf/writer/keyValue";
import { type Architecture, commonKeys } from "./architecture";
import type { ConfigReader } from "./config";
import { computedTensor } from "./rope";

/** Rotated dimensions of a head: some Phi models rotate only a part. */
export function ropeDimensions(config: ConfigReader): number {
  const part = config.rope().values.number("partial_rotary_factor") ?? config.number("partial_rotary_factor") ?? 1;
  return Math.floor(Math.floor(part * config.count("hidden_size")) / config.count("num_attention_heads"));
}

/** Tokens of context that the model was trained with before its rotations were stretched. @throws FormatError where nothing says */
export function originalContext(config: ConfigReader): number {
  const { values } = config.rope();
  return (
    config.optionalCount("original_max_position_embeddings") ??
    values.optionalCount("original_max_position_embeddings") ??
    config.count("max_position_embeddings")
  );
}

/** Factors for contexts beyond and within the original length; undefined for models of one length. @throws FormatError, UsageError */
export function longFactors(config: ConfigReader): { long: number[]; short: number[] } | undefined {
  const { type, values } = config.rope();
  const long = values.numbers("long_factor");
  if (!long || long.length === 0) return undefined;
  if (type !== "longrope" && type !== "su") {
    throw new UsageError("unknown-rope", `The scaling of positions "${type}" is not known for Phi-3`, {
      found: type,
      expected: "longrope",
    });
  }
  const short = values.numbers("short_factor");
  const length = ropeDimensions(config) / 2;
  if (long.length === length && short?.length === length) return { long, short };
  throw new FormatError("config.bad-rope", "config.json has factors for another number of rotary dimensions", {
    file: "config.json",
    expected: `${length} long and short factors`,
    found: `${long.length} and ${short?.length ?? 0}`,
  });
}

/** How much longer contexts sharpen the attention. */
export function attentionFactor(config: ConfigReader): number {
  const original = originalContext(config);
  const scale = config.count("max_position_embeddings") / original;
  return scale > 1 ? Math.sqrt(1 + Math.log(scale) / Math.log(original)) : 1;
}

/** Phi-3, 3.5 and 4 mini: fused query-key-value and gate-up matrices. Source: llama.cpp `conversion/phi.py`. */
export const phi3: Architecture = {
  id: "phi3",
  classes: ["Phi3ForCausalLM"],
  keyValues(config) {
    const keys: KeyValue[] = [
      ...commonKeys("phi3", config),
      keyValue("phi3.rope.scaling.original_context_length", "u32", originalContext(config)),
      keyValue("phi3.rope.dimension_count", "u32", ropeDimensions(config)),
      // llama.cpp tells Phi-4 from others by a window of 0.
      keyValue("phi3.attention.sliding_window", "u32", config.optionalCount("sliding_window") ?? 0),
    ];
    if (longFactors(config)) keys.push(keyValue("phi3.rope.scaling.attn_factor", "f32", attentionFactor(config)));
    return keys;
  },
  extraTensors(config) {
    const factors = longFactors(config);
    if (!factors) return [];
    return [computedTensor("rope_factors_long.weight", factors.long), computedTensor("rope_factors_short.weight", factors.short)];
  },
  configuration(keys) {
    const headDim = keys.needed("embedding_length") / keys.needed("attention.head_count");
    const part = (keys.number("rope.dimension_count") ?? headDim) / headDim;
    return {
      ...(part === 1 ? {} : { partial_rotary_factor: part }),
      original_max_position_embeddings: keys.number("rope.scaling.original_context_length") ?? keys.needed("context_length"),
      sliding_window: keys.number("attention.sliding_window") || null,
    };
  },
  notes: (config) =>
    longFactors(config) ? [`llama.cpp takes the factors for long contexts when its context is above ${originalContext(config)}`] : [],
};
