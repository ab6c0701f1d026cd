import type { ConfigNumbers } from "./configNumbers";
import { linear, type NamedShape, norm } from "./namedShape";

/** BitNet: norms of what goes into the last matrix of both halves. */
export function subNorms(config: ConfigNumbers): NamedShape[] {
  return [...norm("self_attn.attn_sub_norm", config.count("hidden_size")), ...norm("mlp.ffn_sub_norm", config.count("intermediate_size"))];
}

/** Apertus: the activation is learned, and its constants are stored besides. */
export function apertusActivation(): NamedShape[] {
  return [
    ...["alpha_p", "alpha_n"].map((name) => ({ name: `mlp.act_fn.${name}`, shape: [1] })),
    ...["beta", "eps"].map((name) => ({ name: `mlp.act_fn.${name}`, shape: [] })),
  ];
}

/** AFMoE: beside each query, a gate of its result. */
export function gatedOutput(config: ConfigNumbers): NamedShape[] {
  return linear("self_attn.gate_proj", config.count("num_attention_heads") * config.count("head_dim"), config.count("hidden_size"));
}

/** Granite: beside the experts a feed-forward network for all, of gate and up in one matrix. */
export function sharedFeedForward(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.countOrNone("shared_intermediate_size");
  if (width === undefined) return [];
  return [...linear("shared_mlp.input_linear", 2 * width, hidden), ...linear("shared_mlp.output_linear", hidden, width)];
}

/** LFM2: two thirds of what is said, rounded up. */
export function adaptiveWidth(config: ConfigNumbers): number {
  const said = config.count("block_ff_dim", "intermediate_size");
  if (config.flag("block_auto_adjust_ff_dim") === false) return said;
  const factor = config.record.block_ffn_dim_multiplier;
  const width = Math.trunc(Math.trunc((2 * said) / 3) * (typeof factor === "number" && factor > 0 ? factor : 1));
  const step = config.optional("block_multiple_of") ?? 256;
  return factor === null ? width : step * Math.ceil(width / step);
}

/** DiffLlama: what the difference of two attentions is weighed with. */
export function differential(config: ConfigNumbers): NamedShape[] {
  const headDim = config.optional("head_dim") ?? Math.floor(config.count("hidden_size") / config.count("num_attention_heads"));
  return ["q1", "k1", "q2", "k2"].map((name) => ({ name: `self_attn.lambda_${name}`, shape: [headDim] }));
}
