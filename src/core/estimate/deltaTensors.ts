import { isRecord } from "../jsonRecord";
import { ConfigNumbers } from "./configNumbers";
import { linear, linears, type NamedShape, norm } from "./namedShape";

/** What forgets and what is written, of each head (gated delta rules). */
function decay(heads: number): NamedShape[] {
  return ["dt_bias", "A_log"].map((name) => ({ name: `linear_attn.${name}`, shape: [heads] }));
}

/** Widths of the stream and of all keys and values of the linear attention. @throws UsageError `estimate.config-incomplete` */
function sizesOf(config: ConfigNumbers): { hidden: number; heads: number; headDim: number; keys: number; values: number } {
  const heads = config.count("linear_num_value_heads");
  const headDim = config.count("linear_value_head_dim");
  const keys = config.count("linear_num_key_heads") * config.count("linear_key_head_dim");
  return { hidden: config.count("hidden_size"), heads, headDim, keys, values: heads * headDim };
}

/** Linear attention of Qwen3-Next; that of Qwen3.5 is the same, in more matrices. @throws UsageError `estimate.config-incomplete` */
export function gatedDelta(config: ConfigNumbers, isSplit: boolean): NamedShape[] {
  const { hidden, heads, headDim, keys, values } = sizesOf(config);
  return [
    ...(isSplit
      ? [
          ...linear("linear_attn.in_proj_qkv", 2 * keys + values, hidden),
          ...linear("linear_attn.in_proj_z", values, hidden),
          ...linears(["linear_attn.in_proj_b", "linear_attn.in_proj_a"], heads, hidden),
        ]
      : [...linear("linear_attn.in_proj_qkvz", 2 * (keys + values), hidden), ...linear("linear_attn.in_proj_ba", 2 * heads, hidden)]),
    { name: "linear_attn.conv1d.weight", shape: [2 * keys + values, 1, config.count("linear_conv_kernel_dim")] },
    ...decay(heads),
    ...norm("linear_attn.norm", headDim),
    ...linear("linear_attn.out_proj", hidden, values),
  ];
}

/** Linear attention of OLMo's hybrid: as Qwen3-Next's, in a matrix for each. @throws UsageError `estimate.config-incomplete` */
export function olmoDelta(config: ConfigNumbers): NamedShape[] {
  const { hidden, heads, headDim, keys, values } = sizesOf(config);
  return [
    ...decay(heads),
    ...linears(["linear_attn.q_proj", "linear_attn.k_proj"], keys, hidden),
    ...linears(["linear_attn.v_proj", "linear_attn.g_proj"], values, hidden),
    ...linears(["linear_attn.a_proj", "linear_attn.b_proj"], heads, hidden),
    { name: "linear_attn.conv1d.weight", shape: [2 * keys + values, 1, config.count("linear_conv_kernel_dim")] },
    ...norm("linear_attn.o_norm", headDim),
    ...linear("linear_attn.o_proj", hidden, values),
  ];
}

/** Kimi's delta attention, in which every dimension of a head forgets for itself. @throws UsageError `estimate.config-incomplete` */
export function kimiDelta(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  // As published, or as transformers writes it.
  const part: unknown = config.record.linear_attn_config;
  const own = isRecord(part) ? new ConfigNumbers(part) : undefined;
  const heads = own?.count("num_heads") ?? config.count("linear_num_heads");
  const headDim = own?.count("head_dim") ?? config.count("linear_head_dim");
  const kernel = own?.count("short_conv_kernel_size") ?? config.count("linear_conv_kernel_dim");
  const inner = heads * headDim;
  return [
    ...linears(["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"], inner, hidden),
    { name: "self_attn.conv1d.weight", shape: [3 * inner, 1, kernel] },
    { name: "self_attn.dt_bias", shape: [inner] },
    { name: "self_attn.A_log", shape: [heads] },
    ...linears(["self_attn.f_a_proj", "self_attn.g_a_proj"], headDim, hidden),
    ...linears(["self_attn.f_b_proj", "self_attn.g_b_proj"], inner, headDim),
    ...linear("self_attn.b_proj", heads, hidden),
    ...norm("self_attn.o_norm", headDim),
    ...linear("self_attn.o_proj", hidden, inner),
  ];
}

/** Whether a layer of Kimi Linear has this attention: by a list of names, or of layers from 1; every one but each fourth otherwise. */
export function isKimiDelta(config: ConfigNumbers, layer: number): boolean {
  const said = config.kindOf("layer_types", layer);
  if (said !== undefined) return said === "linear_attention";
  const part: unknown = config.record.linear_attn_config;
  if (isRecord(part) && Array.isArray(part.full_attn_layers)) return !part.full_attn_layers.includes(layer + 1);
  return layer === 0 || layer % 4 !== 0;
}
