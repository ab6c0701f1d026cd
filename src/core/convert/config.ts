import { FormatError } from "../errors";
import { isRecord, type JsonRecord } from "../jsonRecord";
import { limits } from "../limits";
import type { Checkpoint } from "../tensor/checkpoint";

/** How a model turns positions into angles. */
export interface RopeParameters {
  /** Base of the frequencies. */
  theta: number;
  /** `default`, `linear`, `llama3`, `yarn`, `longrope` … */
  type: string;
  values: ConfigReader;
}

/** A config.json, read with checks: what a converter needs must be there and be a number. */
export class ConfigReader {
  constructor(private readonly record: JsonRecord) {}

  text(key: string): string | undefined {
    const value = this.record[key];
    return typeof value === "string" ? value : undefined;
  }

  flag(key: string): boolean {
    return this.record[key] === true;
  }

  /** Whether something that is true unless said otherwise is said otherwise. */
  isFalse(key: string): boolean {
    return this.record[key] === false;
  }

  number(key: string): number | undefined {
    const value = this.record[key];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  numbers(key: string): number[] | undefined {
    const value = this.record[key];
    return Array.isArray(value) && value.every((item) => typeof item === "number" && Number.isFinite(item)) ? value : undefined;
  }

  strings(key: string): string[] | undefined {
    const value = this.record[key];
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  }

  section(key: string): ConfigReader | undefined {
    const value = this.record[key];
    return isRecord(value) ? new ConfigReader(value) : undefined;
  }

  /** A number above 0. @throws FormatError `config.missing-key` */
  needed(key: string): number {
    const value = this.number(key);
    if (value !== undefined && value > 0) return value;
    throw new FormatError("config.missing-key", `config.json does not say what ${key} is`, {
      file: "config.json",
      expected: `a number above 0 for ${key}`,
      found: JSON.stringify(this.record[key])?.slice(0, 40) ?? "nothing",
      hint: "The file is of another kind of model, or incomplete. Download it again.",
    });
  }

  /** A whole number above 0 that fits the header's 32 bits. @throws FormatError `config.missing-key` */
  count(key: string): number {
    return checkedCount(key, this.needed(key));
  }

  /** The same for what may be left out. */
  optionalCount(key: string): number | undefined {
    const value = this.number(key);
    return value === undefined ? undefined : checkedCount(key, value);
  }

  /** Rows of one head: they come in pairs. @throws FormatError `config.missing-key`, `config.bad-heads` */
  headDim(): number {
    const found = this.number("head_dim") ?? this.count("hidden_size") / this.count("num_attention_heads");
    if (Number.isInteger(found / 2) && found > 0 && found <= limits.headDimension) return found;
    throw new FormatError("config.bad-heads", "config.json has no usable size of an attention head", {
      file: "config.json",
      expected: `an even number up to ${limits.headDimension}`,
      found: String(found),
    });
  }

  keyValueHeads(): number {
    return this.optionalCount("num_key_value_heads") ?? this.count("num_attention_heads");
  }

  /** As transformers 5 writes it (`rope_parameters`), or 4 (`rope_theta` and `rope_scaling`). */
  rope(defaultTheta = 10_000): RopeParameters {
    const both = this.section("rope_parameters");
    const values = both?.section("full_attention") ?? both ?? this.section("rope_scaling") ?? new ConfigReader({});
    return {
      theta: values.number("rope_theta") ?? this.number("rope_theta") ?? defaultTheta,
      type: (values.text("rope_type") ?? values.text("type") ?? "default").toLowerCase(),
      values,
    };
  }
}

/** What config.json says. @throws FormatError `config.missing` */
export function configOf({ config }: Checkpoint): JsonRecord {
  if (config) return config;
  throw new FormatError("config.missing", "There is no config.json beside the weights", {
    file: "config.json",
    expected: "the configuration of the model",
    found: "no such file",
    hint: "Open the folder with the whole model, or download config.json into it.",
  });
}

/**
 * The configuration of the language model, which multimodal ones keep in a part of its own; that does not name the class.
 *
 * @param defaults what it may leave out
 */
export function languageModelConfig(record: JsonRecord, defaults: JsonRecord = {}): ConfigReader {
  const { text_config: text, ...outer } = record;
  const { architectures, vocab_size } = record;
  return new ConfigReader({ ...defaults, ...outer, ...(isRecord(text) ? { ...text, architectures, vocab_size } : {}) });
}

function checkedCount(key: string, value: number): number {
  if (Number.isInteger(value) && value > 0 && value < 2 ** 32) return value;
  throw new FormatError("config.missing-key", `config.json has no usable ${key}`, {
    file: "config.json",
    expected: "a whole number above 0 of at most 32 bits",
    found: String(value),
  });
}
