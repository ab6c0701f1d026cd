import { nestedDefaults } from "./nestedDefaults";

/** A config.json, or a part of one. */
export type Config = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where models of several parts keep the language model's figures: transformers', InternVL's, DeepSeek-VL's, Qwen2.5-Omni's. */
const languageParts = ["text_config", "llm_config", "language_config", "thinker_config"] as const;

/** Models whose language part is one with an output itself, so that the part's own word decides whether this is the embedding. */
const ownOutput: ReadonlySet<unknown> = new Set(["llama4", "blip-2", "instructblip", "instructblipvideo"]);

/** Parts that are no language model, as they are called beside it. */
const otherParts = ["vision_config", "audio_config", "visual", "vit_config", "speech_config", "talker_config", "token2wav_config"];

const partOf = (config: Config): Config | undefined => languageParts.map((name) => config[name]).find(isRecord);

/** Whether transformers 5 or later wrote it. */
function isOfVersion5({ transformers_version: version }: Config): boolean {
  return typeof version === "string" && Number.parseInt(version, 10) >= 5;
}

/**
 * The language model's part of a config.json. Whether the output is the embedding may be said of the whole model: since transformers 5
 * that decides, and it is not where nothing is said; before it was the part's own word.
 */
export function textConfig(config: Config, isNew = isOfVersion5(config)): Config {
  const part = partOf(config);
  if (!part) return config;
  if (partOf(part)) return textConfig(part, isNew);
  const defaults =
    typeof part.model_type === "string" && Object.hasOwn(nestedDefaults, part.model_type) ? nestedDefaults[part.model_type] : {};
  const said = config.tie_word_embeddings;
  const isWhole = isNew && !ownOutput.has(config.model_type);
  const tied = typeof said === "boolean" ? { tie_word_embeddings: said } : isWhole ? { tie_word_embeddings: false } : {};
  return isWhole ? { ...defaults, ...part, ...tied } : { ...defaults, ...tied, ...part };
}

/** Whether the language model's part leaves out what is as usual in its class, and what that is is not known here. */
export function mayLeaveOut(config: Config): boolean {
  const part = partOf(config);
  if (part && partOf(part)) return mayLeaveOut({ transformers_version: config.transformers_version, ...part });
  return part !== undefined && !isOfVersion5(config) && !Object.hasOwn(nestedDefaults, String(part.model_type));
}

/** The parts beside the language model that a config.json names: encoders of pictures or sound, decoders of speech. */
export function partsBeside(config: Config): string[] {
  const part = partOf(config);
  const others = Object.entries(config).filter(
    ([name, value]) =>
      isRecord(value) && value !== part && name !== "attn_config" && (otherParts.includes(name) || typeof value.model_type === "string"),
  );
  return [...others.map(([name]) => name), ...(part ? partsBeside(part) : [])];
}
