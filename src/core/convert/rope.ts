import { UsageError } from "../errors";
import { type KeyValue, keyValue } from "../formats/gguf/writer/keyValue";
import type { ConfigReader } from "./config";
import type { SourceTensor } from "./sourceModel";

/** A tensor that no file holds: a few numbers from the configuration. */
export function computedTensor(name: string, values: readonly number[]): SourceTensor {
  const bytes = new SharedArrayBuffer(4 * values.length);
  new Float32Array(bytes).set(values);
  return {
    name,
    shape: [values.length],
    source: { dtype: "F32", ref: { kind: "memory", name, bytes }, offset: 0 },
    kept: "F32",
    from: "config.json",
  };
}

/**
 * Keys of the scaling of positions. `llama3` has a tensor instead, see {@link llama3Factors}.
 *
 * @throws UsageError `unknown-rope` for a way of scaling that would be lost
 */
export function ropeKeys(architecture: string, config: ConfigReader): KeyValue[] {
  const { type, values } = config.rope();
  const key = (name: string): string => `${architecture}.rope.scaling.${name}`;
  switch (type) {
    case "default":
    case "llama3":
    case "longrope":
    case "su":
      return [];
    case "linear":
      return [keyValue(key("type"), "string", "linear"), keyValue(key("factor"), "f32", values.needed("factor"))];
    case "yarn": {
      const original = values.optionalCount("original_max_position_embeddings") ?? config.count("max_position_embeddings");
      return [
        keyValue(key("type"), "string", "yarn"),
        keyValue(key("factor"), "f32", values.needed("factor")),
        keyValue(key("original_context_length"), "u32", original),
      ];
    }
    default:
      throw new UsageError("unknown-rope", `The scaling of positions "${type}" has no counterpart in GGUF`, {
        file: "config.json",
        expected: "default, linear, llama3, yarn or longrope",
        found: type,
      });
  }
}

/** Divisors of the rotary frequencies of Llama 3, or undefined for other ways of scaling. Source: llama.cpp `conversion/llama.py`. */
export function llama3Factors(config: ConfigReader): number[] | undefined {
  const { theta, type, values } = config.rope();
  if (type !== "llama3") return undefined;
  const dimensions = config.headDim();
  const factor = values.number("factor") ?? 8;
  const low = values.number("low_freq_factor") ?? 1;
  const high = values.number("high_freq_factor") ?? 4;
  const context = values.number("original_max_position_embeddings") ?? config.number("original_max_position_embeddings") ?? 8192;
  return Array.from({ length: dimensions / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * i) / dimensions);
    if (wavelength < context / high) return 1;
    if (wavelength > context / low) return factor;
    const smooth = (context / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}
