type Config = Readonly<Record<string, unknown>>;

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
const everyLayer = new Set(["mistral", "mixtral", "phi3", "phimoe", "starcoder2"]);

const familyOf = ({ model_type: type }: Config): string => (typeof type === "string" ? type : "");

/** Whether llama.cpp keeps the whole context of this family in spite of its windows (`llama_model_*::load_arch_hparams`). */
export function isWholeInLlamaCpp(config: Config): boolean {
  const family = familyOf(config);
  return everyLayer.has(family) || family.startsWith("qwen");
}

/** Windows where no list of layers is given, by `model_type`, as `transformers` fills it in (`configuration_*.py`). */
function byFamily(config: Config, family: string): LayerWindow {
  const window = positive(config.sliding_window);
  if (everyLayer.has(family)) return () => window;
  if (family === "gemma2") return everyNth(window ?? 4096, 2);
  if (family === "gpt_oss") return everyNth(window ?? 128, 2);
  if (family.startsWith("gemma3"))
    return everyNth(window ?? 4096, positive(config.sliding_window_pattern) ?? positive(config._sliding_window_pattern) ?? 6);
  if (family === "cohere2") return everyNth(window ?? 4096, positive(config.sliding_window_pattern) ?? 4);
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
  if (!Array.isArray(types)) return byFamily(config, familyOf(config));
  const window = positive(config.sliding_window) ?? positive(config.attention_chunk_size);
  return (layer) => {
    const type: unknown = types[layer];
    if (type === "sliding_attention" || type === "chunked_attention") return window;
    return type === "full_attention" ? undefined : null;
  };
}

/**
 * The same from GGUF keys. llama.cpp knows some patterns by architecture only (`llama_model_*::load_arch_hparams`), and does not use
 * the windows of Mistral and Phi-3 at all (pull request 13676).
 *
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
  return whole;
}
