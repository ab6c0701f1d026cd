import type { ConfigNumbers } from "./configNumbers";
import { convolution, linear, type NamedShape, norm } from "./namedShape";

/** What a state-space layer is made of, whatever its family calls it. */
interface Mamba {
  hidden: number;
  /** Width of what the state is of. */
  inner: number;
  state: number;
  kernel: number;
  hasBias: boolean;
  /** Of what comes out, where it differs. */
  hasOutputBias?: boolean;
  hasConvolutionBias: boolean;
}

/** Mamba. @param size `rank` of the time steps; `isNormed`: steps, and what goes in and out of the state (Jamba). */
export function mamba({ hidden, inner, state, kernel, ...size }: Mamba & { rank: number; isNormed?: boolean }): NamedShape[] {
  const { rank, hasBias } = size;
  return [
    { name: "A_log", shape: [inner, state] },
    { name: "D", shape: [inner] },
    ...convolution("conv1d", [inner, 1, kernel], size.hasConvolutionBias),
    ...linear("in_proj", 2 * inner, hidden, hasBias),
    ...linear("x_proj", rank + 2 * state, inner),
    ...linear("dt_proj", inner, rank, true),
    ...linear("out_proj", hidden, inner, hasBias),
    ...(size.isNormed ? [...norm("dt_layernorm", rank), ...norm("b_layernorm", state), ...norm("c_layernorm", state)] : []),
  ];
}

/** Mamba 2. @param size `groups` of heads share what goes in and out of the state; `isNormed`: what comes out of it. */
export function mamba2({
  hidden,
  inner,
  state,
  kernel,
  ...size
}: Mamba & { heads: number; groups: number; isNormed: boolean }): NamedShape[] {
  const { heads, groups, hasBias } = size;
  const convolved = inner + 2 * groups * state;
  return [
    ...["dt_bias", "A_log", "D"].map((name) => ({ name, shape: [heads] })),
    ...convolution("conv1d", [convolved, 1, kernel], size.hasConvolutionBias),
    ...linear("in_proj", inner + convolved + heads, hidden, hasBias),
    ...(size.isNormed ? norm("norm", inner) : []),
    ...linear("out_proj", hidden, inner, size.hasOutputBias ?? hasBias),
  ];
}

/** The same under the names that Bamba, Falcon-H1 and Granite 4 have for it. @throws UsageError `estimate.config-incomplete` */
export function mamba2Of(config: ConfigNumbers, isNormed = true): NamedShape[] {
  const hidden = config.count("hidden_size");
  return mamba2({
    hidden,
    inner: config.optional("mamba_d_ssm") ?? config.count("mamba_expand") * hidden,
    state: config.count("mamba_d_state"),
    kernel: config.count("mamba_d_conv"),
    heads: config.count("mamba_n_heads"),
    groups: config.count("mamba_n_groups"),
    hasBias: config.isBiased("mamba_proj_bias"),
    hasOutputBias: config.flag("projectors_bias"),
    hasConvolutionBias: config.isBiased(["mamba_conv_bias", true]),
    isNormed,
  });
}

/** Jamba's. @throws UsageError `estimate.config-incomplete` */
export function mambaOf(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  return mamba({
    hidden,
    inner: config.count("mamba_expand") * hidden,
    state: config.count("mamba_d_state"),
    kernel: config.count("mamba_d_conv"),
    rank: config.count("mamba_dt_rank"),
    hasBias: config.isBiased("mamba_proj_bias"),
    hasConvolutionBias: config.isBiased(["mamba_conv_bias", true]),
    isNormed: true,
  });
}

/** The short convolution of LFM2. @throws UsageError `estimate.config-incomplete` */
export function shortConvolution(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const bias = config.isBiased("conv_bias");
  return [
    ...convolution("conv.conv", [hidden, 1, config.count("conv_L_cache")], bias),
    ...linear("conv.in_proj", 3 * hidden, hidden, bias),
    ...linear("conv.out_proj", hidden, hidden, bias),
  ];
}

/** MiniMax's linear attention. How fast it forgets is stored besides. @throws UsageError `estimate.config-incomplete` */
export function lightningAttention(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const heads = config.count("num_attention_heads");
  const inner = heads * (config.optional("head_dim") ?? Math.floor(hidden / heads));
  const block = config.optional("block_size") ?? 256;
  return [
    { name: "self_attn.slope_rate", shape: [heads, 1, 1] },
    { name: "self_attn.query_decay", shape: [heads, block, 1] },
    { name: "self_attn.key_decay", shape: [heads, block, 1] },
    { name: "self_attn.diagonal_decay", shape: [1, heads, block, block] },
    ...norm("self_attn.norm", inner),
    ...linear("self_attn.qkv_proj", 3 * inner, hidden),
    ...linear("self_attn.out_proj", hidden, inner),
    ...linear("self_attn.output_gate", inner, hidden),
  ];
}
