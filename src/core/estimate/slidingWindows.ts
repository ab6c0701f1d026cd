import type { Config } from "./textConfig";

/** Tokens that a layer looks back on; undefined where on all; null for layers that are no attention over tokens. */
export type LayerWindow = (layer: number) => number | undefined | null;

const whole: LayerWindow = () => undefined;

function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** One layer without a window after `pattern` − 1 layers with one. */
export function everyNth(window: number | undefined, pattern: number): LayerWindow {
  return (layer) => ((layer + 1) % pattern === 0 ? undefined : window);
}

/** Families whose window, where there is one, is every layer's. */
const everyLayer = new Set(["mistral", "mixtral", "moshi", "phi3", "phimoe", "starcoder2"]);

/** Families of which one layer in so many has no window, and the window where the configuration does not say. */
const patterns: Readonly<Record<string, { every: number; window?: number }>> = {
  gemma2: { every: 2, window: 4096 },
  gemma3: { every: 6, window: 4096 },
  gemma3_text: { every: 6, window: 4096 },
  gemma3n_text: { every: 5, window: 512 },
  gemma4_text: { every: 6, window: 512 },
  gpt_oss: { every: 2, window: 128 },
  cohere2: { every: 4, window: 4096 },
  olmo3: { every: 4, window: 4096 },
  exaone4: { every: 4 },
};

const familyOf = ({ model_type: type }: Config): string => (typeof type === "string" ? type : "");

/** Whether llama.cpp keeps the whole context of this family in spite of its windows (`llama_model_*::load_arch_hparams`). */
export function isWholeInLlamaCpp(config: Config): boolean {
  const family = familyOf(config);
  return everyLayer.has(family) || family.startsWith("qwen");
}

/** Layers in a period, the last of which has no window: a number, or as many letters (`LLLG`, EXAONE 4). */
function patternOf({ sliding_window_pattern: own, _sliding_window_pattern: kept }: Config): number | undefined {
  return typeof own === "string" && own !== "" ? own.length : (positive(own) ?? positive(kept));
}

/** Llama 4: layers with rotary positions (1 in `no_rope_layers`) look back to the beginning of their chunk only. */
function chunks(config: Config): LayerWindow {
  const chunk = positive(config.attention_chunk_size);
  const rotary: unknown = config.no_rope_layers;
  if (Array.isArray(rotary) && rotary.length > 0) return (layer) => (rotary[layer] === 1 ? chunk : undefined);
  return everyNth(chunk, positive(config.no_rope_layer_interval) ?? 4);
}

/** GPT-Neo: `[[["global", "local"], 12]]`, kinds of layers and how often they repeat. */
function alternating({ attention_types: types, window_size: size }: Config): LayerWindow {
  const first: unknown = Array.isArray(types) ? types[0] : undefined;
  const kinds: unknown = Array.isArray(first) ? first[0] : undefined;
  if (!Array.isArray(kinds) || kinds.length === 0) return whole;
  return (layer) => (kinds[layer % kinds.length] === "local" ? (positive(size) ?? 256) : undefined);
}

/** ModernBERT's decoder: the first layer of each period has no window, the others one of half of `local_attention`. */
function globalFirst({ global_attn_every_n_layers: every, local_attention: both }: Config): LayerWindow {
  const window = Math.floor((positive(both) ?? 128) / 2);
  return (layer) => (layer % (positive(every) ?? 3) === 0 ? undefined : window);
}

/** Windows where no list of layers is given, by `model_type`, as `transformers` fills it in (`configuration_*.py`). */
function byFamily(config: Config, family: string): LayerWindow {
  const window = positive(config.sliding_window);
  if (everyLayer.has(family)) return () => window;
  if (family === "llama4_text") return chunks(config);
  if (family === "gpt_neo") return alternating(config);
  if (family === "modernbert-decoder") return globalFirst(config);
  if (Object.hasOwn(patterns, family)) {
    const { every, window: usual } = patterns[family]!;
    return everyNth(window ?? usual, patternOf(config) ?? every);
  }
  if (family.startsWith("qwen") && config.use_sliding_window === true) {
    const first = positive(config.max_window_layers) ?? (config.max_window_layers === 0 ? 0 : 28);
    return (layer) => (layer >= first ? window : undefined);
  }
  return whole;
}

/**
 * Which layers of a Hugging Face model have a sliding window: by the list of the config.json (`layer_types`), or else by the rule
 * of its family.
 *
 * @param config of the language model
 */
export function windowsFromConfig(config: Config): LayerWindow {
  const types: unknown = config.layer_types;
  const window = positive(config.sliding_window) ?? positive(config.attention_chunk_size);
  // MiMo-V2: 1 is a layer with a window.
  const hybrid: unknown = config.hybrid_layer_pattern;
  if (Array.isArray(hybrid)) return (layer) => (hybrid[layer] === 1 ? window : undefined);
  if (!Array.isArray(types)) return byFamily(config, familyOf(config));
  return (layer) => {
    const type: unknown = types[layer];
    if (type === "sliding_attention" || type === "chunked_attention") return window;
    return type === "full_attention" || type === "attention" ? undefined : null;
  };
}

/**
 * The same from GGUF keys. llama.cpp knows some patterns by architecture only (`llama_model_*::load_arch_hparams`), and does not use
 * the windows of Mistral and Phi-3 at all (pull request 13676).
 *
 * @param window `attention.sliding_window`, which may be 0
 * @param pattern `attention.sliding_window_pattern`: whether each layer has a window, or how many layers make a period
 */
export function windowsFromGguf(
  architecture: string,
  window: number | undefined,
  pattern: number | readonly number[] | undefined,
): LayerWindow {
  if (Array.isArray(pattern)) return (layer) => (pattern[layer] ? window : undefined);
  if (architecture === "gemma2") return everyNth(window ?? 4096, 2);
  if (architecture === "gemma3") return everyNth(window, typeof pattern === "number" ? pattern : 6);
  if (architecture === "cohere2") return everyNth(window, 4);
  if (architecture === "gpt-oss") return everyNth(window, 2);
  if (["olmo2", "exaone4", "afmoe"].includes(architecture)) return everyNth(window, 4);
  // Chunks of 8192 whatever the file says, except that it has none.
  if (architecture === "llama4") return everyNth(window === 0 ? undefined : 8192, 4);
  return whole;
}
