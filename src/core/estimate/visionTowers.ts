import type { ConfigNumbers } from "./configNumbers";
import { convolution, linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";
import type { Config } from "./textConfig";

/** An encoder of pictures. Source: `modeling_*.py` of transformers. */
export interface VisionTower {
  /** What its part of a config.json leaves out where it is as usual (`configuration_*.py`). */
  readonly defaults: Config;
  readonly tensors: (config: ConfigNumbers) => NamedShape[];
}

const square = (value: number): number => value * value;

/** Sides of a picture, and of its patches, are one number or two. @throws UsageError `estimate.config-incomplete` */
function side(config: ConfigNumbers, key: string): number {
  const value: unknown = config.record[key];
  return Array.isArray(value) && value.length === 2 && value[0] === value[1] && typeof value[0] === "number" ? value[0] : config.count(key);
}

/** Patches of a picture. */
export const picturePatches = (config: ConfigNumbers): number =>
  square(Math.floor(side(config, "image_size") / side(config, "patch_size")));

export function picturePatch(name: string, config: ConfigNumbers, hidden: number, hasBias: boolean): NamedShape[] {
  const patch = side(config, "patch_size");
  return convolution(name, [hidden, config.optional("num_channels") ?? 3, patch, patch], hasBias);
}

/** Layers as CLIP's encoders have them, of pictures and of texts. */
export function clipLayers(config: ConfigNumbers, hidden: number): NamedShape[] {
  const width = config.count("intermediate_size");
  return repeated(config.count("num_hidden_layers"), "encoder.layers", () => [
    ...linears(["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"], hidden, hidden, true),
    ...norm("layer_norm1", hidden, true),
    ...linear("mlp.fc1", width, hidden, true),
    ...linear("mlp.fc2", hidden, width, true),
    ...norm("layer_norm2", hidden, true),
  ]);
}

function clip(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  return [
    { name: "embeddings.class_embedding", shape: [hidden] },
    ...picturePatch("embeddings.patch_embedding", config, hidden, false),
    { name: "embeddings.position_embedding.weight", shape: [picturePatches(config) + 1, hidden] },
    ...norm("pre_layrnorm", hidden, true),
    ...clipLayers(config, hidden),
    ...norm("post_layernorm", hidden, true),
  ];
}

/** Patches of pictures of any shape, as many as there are positions for (SigLIP 2). */
function anyShape(config: ConfigNumbers, hidden: number): NamedShape[] {
  const patch = (config.optional("num_channels") ?? 3) * square(side(config, "patch_size"));
  return [
    ...linear("embeddings.patch_embedding", hidden, patch, true),
    { name: "embeddings.position_embedding.weight", shape: [config.count("num_patches"), hidden] },
  ];
}

/** @param hasHead a vector that asks for what the whole picture is (SigLIP) */
function siglip(config: ConfigNumbers, hasHead: boolean, isSecond = false): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  const embeddings = (): NamedShape[] => [
    ...picturePatch("embeddings.patch_embedding", config, hidden, true),
    { name: "embeddings.position_embedding.weight", shape: [picturePatches(config), hidden] },
  ];
  return [
    ...(isSecond ? anyShape(config, hidden) : embeddings()),
    ...clipLayers(config, hidden),
    ...norm("post_layernorm", hidden, true),
    ...(hasHead
      ? within("head", [
          { name: "probe", shape: [1, 1, hidden] },
          ...linear("attention.in_proj", 3 * hidden, hidden, true),
          ...linear("attention.out_proj", hidden, hidden, true),
          ...norm("layernorm", hidden, true),
          ...linear("mlp.fc1", width, hidden, true),
          ...linear("mlp.fc2", hidden, width, true),
        ])
      : []),
  ];
}

function pixtral(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  return [
    ...picturePatch("patch_conv", config, hidden, false),
    ...norm("ln_pre", hidden),
    ...repeated(config.count("num_hidden_layers"), "transformer.layers", () => [
      ...norm("attention_norm", hidden),
      ...linears(["feed_forward.gate_proj", "feed_forward.up_proj"], width, hidden),
      ...linear("feed_forward.down_proj", hidden, width),
      ...linears(
        ["q_proj", "k_proj", "v_proj", "o_proj"].map((name) => `attention.${name}`),
        hidden,
        hidden,
      ),
      ...norm("ffn_norm", hidden),
    ]),
  ];
}

function llama4(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  const output = config.count("projector_output_dim");
  const patch = side(config, "patch_size");
  return [
    { name: "class_embedding", shape: [hidden] },
    { name: "positional_embedding_vlm", shape: [picturePatches(config) + 1, hidden] },
    ...linear("patch_embedding.linear", hidden, (config.optional("num_channels") ?? 3) * square(patch)),
    ...norm("layernorm_pre", hidden, true),
    ...repeated(config.count("num_hidden_layers"), "model.layers", () => [
      ...linears(
        ["q_proj", "k_proj", "v_proj", "o_proj"].map((name) => `self_attn.${name}`),
        hidden,
        hidden,
        true,
      ),
      ...linear("mlp.fc1", width, hidden, true),
      ...linear("mlp.fc2", hidden, width, true),
      ...norm("input_layernorm", hidden, true),
      ...norm("post_attention_layernorm", hidden, true),
    ]),
    ...norm("layernorm_post", hidden, true),
    ...linear("vision_adapter.mlp.fc1", config.count("projector_input_dim"), width),
    ...linear("vision_adapter.mlp.fc2", output, config.count("projector_input_dim")),
  ];
}

function internvl(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  const bias = config.isBiased("attention_bias");
  const hasNormBias = config.record.norm_type !== "rms_norm";
  return [
    { name: "embeddings.cls_token", shape: [1, 1, hidden] },
    ...(config.flag("use_mask_token") ? [{ name: "embeddings.mask_token", shape: [1, 1, hidden] }] : []),
    ...(config.flag("use_absolute_position_embeddings") === false
      ? []
      : [{ name: "embeddings.position_embeddings", shape: [1, picturePatches(config) + 1, hidden] }]),
    ...picturePatch("embeddings.patch_embeddings.projection", config, hidden, true),
    ...repeated(config.count("num_hidden_layers"), "encoder.layer", () => [
      ...["lambda_1", "lambda_2"].map((name) => ({ name, shape: [hidden] })),
      ...linears(
        ["q_proj", "k_proj", "v_proj"].map((name) => `attention.${name}`),
        hidden,
        hidden,
        bias,
      ),
      ...linear("attention.projection_layer", hidden, hidden, true),
      ...(config.flag("use_qk_norm") ? [...norm("attention.q_norm", hidden), ...norm("attention.k_norm", hidden)] : []),
      ...linear("mlp.fc1", width, hidden, true),
      ...linear("mlp.fc2", hidden, width, true),
      ...norm("layernorm_before", hidden, hasNormBias),
      ...norm("layernorm_after", hidden, hasNormBias),
    ]),
    ...(config.flag("use_mean_pooling") === false ? norm("layernorm", hidden, true) : []),
  ];
}

/** By the `model_type` of the part. */
export const visionTowers: ReadonlyMap<string, VisionTower> = new Map(
  Object.entries({
    clip_vision_model: {
      defaults: { hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 12, image_size: 224, patch_size: 32 },
      tensors: clip,
    },
    siglip_vision_model: {
      defaults: { hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 12, image_size: 224, patch_size: 16 },
      tensors: (config) => siglip(config, config.flag("vision_use_head") ?? true),
    },
    siglip2_vision_model: {
      defaults: { hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 12, num_patches: 256, patch_size: 16 },
      tensors: (config) => siglip(config, config.flag("vision_use_head") ?? true, true),
    },
    idefics3_vision: {
      defaults: { hidden_size: 1152, intermediate_size: 3072, num_hidden_layers: 12, image_size: 224, patch_size: 32 },
      tensors: (config) => siglip(config, false),
    },
    smolvlm_vision: {
      defaults: { hidden_size: 1152, intermediate_size: 3072, num_hidden_layers: 12, image_size: 224, patch_size: 32 },
      tensors: (config) => siglip(config, false),
    },
    pixtral: {
      defaults: { hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24, image_size: 1024, patch_size: 16 },
      tensors: pixtral,
    },
    llama4_vision_model: {
      defaults: {
        ...{ hidden_size: 768, intermediate_size: 5632, num_hidden_layers: 34, image_size: 448, patch_size: 14 },
        ...{ projector_input_dim: 4096, projector_output_dim: 4096, vision_output_dim: 7680 },
      },
      tensors: llama4,
    },
    internvl_vision: {
      defaults: { hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24, image_size: 448, patch_size: 14 },
      tensors: internvl,
    },
  } satisfies Record<string, VisionTower>),
);
