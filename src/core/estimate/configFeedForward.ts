import type { ConfigFamily, Experts } from "./configFamily";
import type { ConfigNumbers } from "./configNumbers";
import { linear, linears, type NamedShape, stacked } from "./namedShape";

/** Experts of a layer; undefined for families without. @throws UsageError `estimate.config-incomplete` */
export function expertsOf(config: ConfigNumbers, { experts }: ConfigFamily): number | undefined {
  if (experts === undefined || config.record.num_local_experts === 0) return undefined;
  return config.count("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts");
}

/** The second half of a layer: one feed-forward network, or a router and its experts. @throws UsageError `estimate.config-incomplete` */
export function feedForward(config: ConfigNumbers, family: ConfigFamily, layer: number): NamedShape[] {
  // Granite 4 without experts: what it has beside them does all.
  if (config.record.num_local_experts === 0) return [];
  const count = expertsOf(config, family);
  const { experts } = family;
  if (count === undefined || experts === undefined || !hasExperts(config, experts, layer)) return plain(config, family);
  const hidden = config.count("hidden_size");
  const width = config.count(experts.width);
  const isBalanced = typeof experts.balanced === "function" ? experts.balanced(config) : experts.balanced;
  const place = experts.namedBlocks ? "block_sparse_moe" : "mlp";
  const names = experts.namedBlocks ? (["w1", "w3", "w2"] as const) : undefined;
  return [
    ...linear(`${place}.gate`, count, hidden, experts.biased),
    ...(isBalanced ? [{ name: `${place}.gate.e_score_correction_bias`, shape: [count] }] : []),
    ...stacked(count, `${place}.experts`, gated(hidden, width, experts.biased, names)),
    ...(experts.shared?.(config, hidden) ?? []),
  ];
}

function hasExperts(config: ConfigNumbers, { only }: Experts, layer: number): boolean {
  const said = config.kindOf("mlp_layer_types", layer);
  return said === undefined ? (only?.(config, layer) ?? true) : said === "sparse";
}

function plain(config: ConfigNumbers, family: ConfigFamily): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = family.width?.(config) ?? config.count("intermediate_size");
  if (family.fused || family.fusedFeedForward)
    return [...linear("mlp.gate_up_proj", 2 * width, hidden), ...linear("mlp.down_proj", hidden, width)];
  const bias = config.isBiased(family.biases?.feedForward ?? "mlp_bias");
  if (family.ungated) return [...linear("mlp.up_proj", width, hidden, bias), ...linear("mlp.down_proj", hidden, width, bias)];
  return gated(hidden, width, bias).map(({ name, shape }) => ({ name: `mlp.${name}`, shape }));
}

const usualNames = ["gate_proj", "up_proj", "down_proj"] as const;

/** Gate, up and down. */
export function gated(
  hidden: number,
  width: number,
  hasBias = false,
  [gate, up, down]: readonly [string, string, string] = usualNames,
): NamedShape[] {
  return [...linears([gate, up], width, hidden, hasBias), ...linear(down, hidden, width, hasBias)];
}
