import type { Experts } from "./configFamily";
import { gated } from "./configFeedForward";
import type { ConfigNumbers } from "./configNumbers";
import { linear, type NamedShape, within } from "./namedShape";

/** DeepSeek's: side by side as one. @param size `biasKey`: what says whether they have biases */
function sideBySide(
  config: ConfigNumbers,
  hidden: number,
  { biasKey, width: widthKey = "moe_intermediate_size" }: { biasKey?: string; width?: Experts["width"] } = {},
): NamedShape[] {
  const count =
    config.countOrNone("n_shared_experts") ?? config.countOrNone("num_shared_experts") ?? config.countOrNone("moe_num_shared_experts");
  const width = config.count(widthKey);
  const bias = config.isBiased(biasKey ?? false);
  return count === undefined ? [] : within("mlp.shared_experts", gated(hidden, count * width, bias));
}

/** Qwen 2's, with a gate. */
function withGate(config: ConfigNumbers, hidden: number): NamedShape[] {
  const width = config.countOrNone("shared_expert_intermediate_size");
  return width === undefined ? [] : [...within("mlp.shared_expert", gated(hidden, width)), ...linear("mlp.shared_expert_gate", 1, hidden)];
}

/** As wide as the others. */
function oneMore(config: ConfigNumbers, hidden: number): NamedShape[] {
  return within("mlp.shared_expert", gated(hidden, config.count("intermediate_size")));
}

const afterFirst =
  (key: string) =>
  (config: ConfigNumbers, layer: number): boolean =>
    layer >= (config.countOrNone(key) ?? 0) && layer % (config.optional("moe_layer_freq") ?? 1) === 0;

function everyStep(config: ConfigNumbers, layer: number): boolean {
  return !config.numbers("mlp_only_layers").includes(layer) && (layer + 1) % (config.optional("decoder_sparse_step") ?? 1) === 0;
}

function interleaved(config: ConfigNumbers, layer: number): boolean {
  if (Array.isArray(config.record.moe_layers)) return config.numbers("moe_layers").includes(layer);
  return (layer + 1) % (config.optional("interleave_moe_layer_step") ?? 1) === 0;
}

/** ERNIE 4.5: from one layer to another, every so often. */
function between(config: ConfigNumbers, layer: number): boolean {
  const first = config.countOrNone("moe_layer_start_index") ?? 0;
  const last: unknown = config.record.moe_layer_end_index;
  const isBefore = typeof last !== "number" || last < 0 || layer <= last;
  return layer >= first && isBefore && (layer + 1) % (config.optional("moe_layer_interval") ?? 1) === 0;
}

function periodic(config: ConfigNumbers, layer: number): boolean {
  return layer % config.count("expert_layer_period") === (config.countOrNone("expert_layer_offset") ?? 0);
}

/** MiMo-V2: 1 is a layer with experts. */
function listed(config: ConfigNumbers, layer: number): boolean {
  return config.numbers("moe_layer_freq")[layer] === 1;
}

const mixtral: Experts = { width: "intermediate_size", namedBlocks: true };
const asWide: Experts = { width: "intermediate_size" };
const qwen: Experts = { width: "moe_intermediate_size", only: everyStep, shared: withGate };
const deepseek: Experts = {
  width: "moe_intermediate_size",
  only: afterFirst("first_k_dense_replace"),
  shared: (config, hidden) => sideBySide(config, hidden, { biasKey: "mlp_bias" }),
  balanced: ({ record }) => record.topk_method === "noaux_tc",
};
const balanced: Experts = { ...deepseek, shared: (config, hidden) => sideBySide(config, hidden), balanced: true };
/** As wide as the others, side by side. */
const sharedAsWide: Experts = {
  ...asWide,
  shared: (config, hidden) => sideBySide(config, hidden, { biasKey: "mlp_bias", width: "intermediate_size" }),
};

/** What the experts of families are, by the family that had them first. */
export const expertKinds = {
  mixtral,
  qwen,
  deepseek,
  balanced,
  minimax: { ...mixtral, balanced: true },
  gptOss: { ...asWide, biased: true },
  llama4: { ...asWide, only: interleaved, shared: oneMore },
  hunyuan: { ...asWide, shared: oneMore },
  hunyuan3: { ...deepseek, balanced: true },
  ernie: { ...balanced, only: between, shared: (config, hidden) => sideBySide(config, hidden, { biasKey: "use_bias" }) },
  lfm2: { ...qwen, only: afterFirst("num_dense_layers"), shared: () => [], balanced: (config) => config.flag("use_expert_bias") ?? true },
  afmoe: { ...balanced, only: afterFirst("num_dense_layers") },
  aria: sharedAsWide,
  cohere: { ...sharedAsWide, only: afterFirst("first_k_dense_replace") },
  mimo: { ...balanced, only: listed },
  jamba: { ...asWide, only: periodic },
} satisfies Record<string, Experts>;
