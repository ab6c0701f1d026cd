import { gated } from "./configFeedForward";
import type { ConfigNumbers } from "./configNumbers";
import { convolution, linear, type NamedShape, norm, repeated, within } from "./namedShape";

/** Patches over space and time. */
function patch(config: ConfigNumbers, hidden: number, hasBias: boolean): NamedShape[] {
  const [side, time] = [config.count("patch_size"), config.optional("temporal_patch_size") ?? 2];
  return convolution("patch_embed.proj", [hidden, config.optional("in_channels", "in_chans") ?? 3, time, side, side], hasBias);
}

const merged = (config: ConfigNumbers, hidden: number): number => hidden * (config.optional("spatial_merge_size") ?? 2) ** 2;

function attention(hidden: number): NamedShape[] {
  return [...linear("attn.qkv", 3 * hidden, hidden, true), ...linear("attn.proj", hidden, hidden, true)];
}

/** The encoder of pictures of Qwen2-VL. @throws UsageError `estimate.config-incomplete` */
export function qwen2Vision(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("embed_dim");
  const width = (config.optional("mlp_ratio") ?? 4) * hidden;
  const wide = merged(config, hidden);
  return [
    ...patch(config, hidden, false),
    ...repeated(config.count("depth"), "blocks", () => [
      ...norm("norm1", hidden, true),
      ...norm("norm2", hidden, true),
      ...attention(hidden),
      ...linear("mlp.fc1", width, hidden, true),
      ...linear("mlp.fc2", hidden, width, true),
    ]),
    ...norm("merger.ln_q", hidden, true),
    ...linear("merger.mlp.0", wide, wide, true),
    ...linear("merger.mlp.2", config.count("hidden_size"), wide, true),
  ];
}

/** That of Qwen2.5-VL. @throws UsageError `estimate.config-incomplete` */
export function qwen25Vision(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  const wide = merged(config, hidden);
  return [
    ...patch(config, hidden, false),
    ...repeated(config.count("depth"), "blocks", () => [
      ...norm("norm1", hidden),
      ...norm("norm2", hidden),
      ...attention(hidden),
      ...linear("mlp.gate_proj", width, hidden, true),
      ...linear("mlp.up_proj", width, hidden, true),
      ...linear("mlp.down_proj", hidden, width, true),
    ]),
    ...norm("merger.ln_q", hidden),
    ...linear("merger.mlp.0", wide, wide, true),
    ...linear("merger.mlp.2", config.count("out_hidden_size"), wide, true),
  ];
}

/**
 * That of Qwen3-VL and Qwen3.5.
 *
 * @param merges results of so many layers are merged besides, where the configuration does not say of which
 * @throws UsageError `estimate.config-incomplete`
 */
export function qwen3Vision(config: ConfigNumbers, merges: number): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  const wide = merged(config, hidden);
  const output = config.count("out_hidden_size");
  const said: unknown = config.record.deepstack_visual_indexes;
  const stacked = Array.isArray(said) ? said.length : merges;
  const merger = (ofNorm: number): NamedShape[] => [
    ...norm("norm", ofNorm, true),
    ...linear("linear_fc1", wide, wide, true),
    ...linear("linear_fc2", output, wide, true),
  ];
  return [
    ...patch(config, hidden, true),
    { name: "pos_embed.weight", shape: [config.count("num_position_embeddings"), hidden] },
    ...repeated(config.count("depth"), "blocks", () => [
      ...norm("norm1", hidden, true),
      ...norm("norm2", hidden, true),
      ...attention(hidden),
      ...linear("mlp.linear_fc1", width, hidden, true),
      ...linear("mlp.linear_fc2", hidden, width, true),
    ]),
    ...within("merger", merger(hidden)),
    ...repeated(stacked, "deepstack_merger_list", () => merger(wide)),
  ];
}

/** That of GLM-4.1V and its like. @throws UsageError `estimate.config-incomplete` */
export function glmVision(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const output = config.count("out_hidden_size");
  const bias = config.isBiased("attention_bias");
  const merge = config.count("spatial_merge_size");
  return [
    {
      name: "embeddings.position_embedding.weight",
      shape: [Math.floor(config.count("image_size") / config.count("patch_size")) ** 2, hidden],
    },
    ...patch(config, hidden, true),
    ...repeated(config.count("depth"), "blocks", () => [
      ...norm("norm1", hidden),
      ...norm("norm2", hidden),
      ...linear("attn.qkv", 3 * hidden, hidden, bias),
      ...linear("attn.proj", hidden, hidden),
      ...within("mlp", gated(hidden, output)),
    ]),
    ...norm("post_conv_layernorm", hidden),
    ...norm("post_layernorm", hidden),
    ...convolution("downsample", [output, hidden, merge, merge], true),
    ...linear("merger.proj", output, output),
    ...norm("merger.post_projection_norm", output, true),
    ...within("merger", gated(output, config.count("intermediate_size"))),
  ];
}
