import type { ConfigFamily } from "./configFamilies";
import type { ConfigNumbers } from "./configNumbers";
import { linear, type NamedShape } from "./namedShape";

/** Experts of a layer; undefined for families without. @throws UsageError `estimate.config-incomplete` */
export function expertsOf(config: ConfigNumbers, { experts }: ConfigFamily): number | undefined {
  if (experts === undefined) return undefined;
  return config.count("num_local_experts", "num_experts", "n_routed_experts");
}

/** The second half of a layer: one feed-forward network, or a router and its experts. @throws UsageError `estimate.config-incomplete` */
export function feedForward(config: ConfigNumbers, family: ConfigFamily, layer: number): NamedShape[] {
  const count = expertsOf(config, family);
  const hidden = config.count("hidden_size");
  if (count === undefined || !hasExperts(config, family, layer)) return plain(config, family);
  if (family.experts === "mixtral") {
    const width = config.count("intermediate_size");
    return [
      ...linear("block_sparse_moe.gate", count, hidden),
      ...(family.balanced ? [{ name: "block_sparse_moe.e_score_correction_bias", shape: [count] }] : []),
      ...each(count, (expert) => gated(`block_sparse_moe.experts.${expert}`, hidden, width, ["w1", "w3", "w2"])),
    ];
  }
  if (family.experts === "gptOss") {
    const width = config.count("intermediate_size");
    // Under the names of other families: its own stack gate and up of all experts, which no GGUF file does.
    return [
      ...linear("mlp.gate", count, hidden, true),
      ...each(count, (expert) => gated(`mlp.experts.${expert}`, hidden, width, undefined, true)),
    ];
  }
  if (family.experts === "llama4") {
    const width = config.count("intermediate_size");
    return [
      ...linear("mlp.gate", count, hidden),
      ...each(count, (expert) => gated(`mlp.experts.${expert}`, hidden, width)),
      ...gated("mlp.shared_expert", hidden, width),
    ];
  }
  const width = config.count("moe_intermediate_size");
  return [
    ...linear("mlp.gate", count, hidden),
    ...(family.balanced || config.record.topk_method === "noaux_tc" ? [{ name: "mlp.gate.e_score_correction_bias", shape: [count] }] : []),
    ...each(count, (expert) => gated(`mlp.experts.${expert}`, hidden, width)),
    ...sharedExperts(config, hidden, width),
  ];
}

/** Whether a layer has experts: the first ones may not. */
function hasExperts(config: ConfigNumbers, { experts }: ConfigFamily, layer: number): boolean {
  if (experts === "deepseek")
    return layer >= (config.countOrNone("first_k_dense_replace") ?? 0) && layer % (config.optional("moe_layer_freq") ?? 1) === 0;
  if (experts === "qwen")
    return !config.numbers("mlp_only_layers").includes(layer) && (layer + 1) % (config.optional("decoder_sparse_step") ?? 1) === 0;
  if (experts === "llama4") {
    if (Array.isArray(config.record.moe_layers)) return config.numbers("moe_layers").includes(layer);
    return (layer + 1) % (config.optional("interleave_moe_layer_step") ?? 1) === 0;
  }
  return true;
}

/** Experts that every token passes through: DeepSeek's side by side as one, Qwen 2's with a gate. */
function sharedExperts(config: ConfigNumbers, hidden: number, width: number): NamedShape[] {
  const own = config.countOrNone("shared_expert_intermediate_size");
  if (own !== undefined) return [...gated("mlp.shared_expert", hidden, own), ...linear("mlp.shared_expert_gate", 1, hidden)];
  const shared = config.countOrNone("n_shared_experts");
  return shared === undefined ? [] : gated("mlp.shared_experts", hidden, shared * width);
}

function plain(config: ConfigNumbers, { fused, fusedFeedForward, experts }: ConfigFamily): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count(experts === "llama4" ? "intermediate_size_mlp" : "intermediate_size");
  if (fused || fusedFeedForward) return [...linear("mlp.gate_up_proj", 2 * width, hidden), ...linear("mlp.down_proj", hidden, width)];
  return gated("mlp", hidden, width, undefined, config.flag("mlp_bias"));
}

function gated(
  name: string,
  hidden: number,
  width: number,
  [gate, up, down] = ["gate_proj", "up_proj", "down_proj"],
  hasBias = false,
): NamedShape[] {
  return [
    ...linear(`${name}.${gate}`, width, hidden, hasBias),
    ...linear(`${name}.${up}`, width, hidden, hasBias),
    ...linear(`${name}.${down}`, hidden, width, hasBias),
  ];
}

function each(count: number, make: (index: number) => NamedShape[]): NamedShape[] {
  return Array.from({ length: count }, (_, index) => make(index)).flat();
}
