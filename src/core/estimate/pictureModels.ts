import { isRecord } from "../jsonRecord";
import { ConfigNumbers, refuseTooMany } from "./configNumbers";
import { gated } from "./configFeedForward";
import type { HeadKind } from "./modelHead";
import { linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";
import type { Config } from "./textConfig";
import { clipLayers, picturePatch, picturePatches, visionTowers } from "./visionTowers";

/** @throws UsageError `estimate.config-incomplete` */
function attention(config: ConfigNumbers, hidden: number): NamedShape[] {
  return [
    ...linears(["attention.q_proj", "attention.k_proj", "attention.v_proj"], hidden, hidden, config.isBiased(["qkv_bias", true])),
    ...linear("attention.o_proj", hidden, hidden, true),
  ];
}

function embeddings(config: ConfigNumbers, hidden: number): NamedShape[] {
  return [
    { name: "embeddings.cls_token", shape: [1, 1, hidden] },
    { name: "embeddings.position_embeddings", shape: [1, picturePatches(config) + 1, hidden] },
    ...picturePatch("embeddings.patch_embeddings.projection", config, hidden, true),
  ];
}

/** Every tensor of a ViT; undefined for heads that are not known. @throws UsageError `estimate.config-incomplete` */
export function vitTensors(config: ConfigNumbers, head: HeadKind): NamedShape[] | undefined {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  const layers = config.count("num_hidden_layers");
  refuseTooMany(layers, 16);
  const ends: Partial<Record<HeadKind["kind"], () => NamedShape[]>> = {
    none: () => linear("pooler.dense", config.optional("pooler_output_size") ?? hidden, hidden, true),
    classes: () => linear("classifier", head.kind === "classes" ? head.count : 0, hidden, true),
  };
  const end = ends[head.kind]?.();
  return (
    end && [
      ...embeddings(config, hidden),
      ...repeated(layers, "layers", () => [
        ...attention(config, hidden),
        ...["layernorm_before", "layernorm_after"].flatMap((name) => norm(name, hidden, true)),
        ...linear("mlp.fc1", width, hidden, true),
        ...linear("mlp.fc2", hidden, width, true),
      ]),
      ...norm("layernorm", hidden, true),
      ...end,
    ]
  );
}

/** Every tensor of a DINOv2 without a head; undefined with one. @throws UsageError `estimate.config-incomplete` */
export function dinov2Tensors(config: ConfigNumbers, head: HeadKind): NamedShape[] | undefined {
  if (head.kind !== "none") return undefined;
  const hidden = config.count("hidden_size");
  const wide = config.count("mlp_ratio") * hidden;
  const layers = config.count("num_hidden_layers");
  refuseTooMany(layers, 18);
  const inner = 8 * Math.floor((Math.floor((wide * 2) / 3) + 7) / 8);
  const feedForward = config.flag("use_swiglu_ffn")
    ? within("mlp", gated(hidden, inner, true))
    : [...linear("mlp.fc1", wide, hidden, true), ...linear("mlp.fc2", hidden, wide, true)];
  return [
    ...embeddings(config, hidden),
    ...(config.flag("use_mask_token") === false ? [] : [{ name: "embeddings.mask_token", shape: [1, hidden] }]),
    ...repeated(layers, "encoder.layer", () => [
      ...["norm1", "norm2"].flatMap((name) => norm(name, hidden, true)),
      ...attention(config, hidden),
      ...["layer_scale1.lambda1", "layer_scale2.lambda1"].map((name) => ({ name, shape: [hidden] })),
      ...feedForward,
    ]),
    ...norm("layernorm", hidden, true),
  ];
}

/** An encoder of pictures that is a model of its own; undefined with a head. */
export function towerTensors(type: string) {
  return (config: ConfigNumbers, head: HeadKind): NamedShape[] | undefined => {
    const tower = visionTowers.get(type)!;
    const architectures: unknown = config.record.architectures;
    const isProjected = Array.isArray(architectures) && String(architectures[0]).endsWith("WithProjection");
    return head.kind === "none" && !isProjected ? tower.tensors(new ConfigNumbers({ ...tower.defaults, ...config.record })) : undefined;
  };
}

interface Pair {
  /** What the part for texts leaves out where it is as usual (`configuration_*.py`). */
  readonly text: Config;
  readonly ends: (whole: ConfigNumbers, text: ConfigNumbers, vision: ConfigNumbers) => NamedShape[];
}

/** Models of two encoders, of texts and of pictures, by `model_type`. */
const pairs: ReadonlyMap<string, Pair> = new Map([
  [
    "clip",
    {
      text: { hidden_size: 512, intermediate_size: 2048, num_hidden_layers: 12, vocab_size: 49408, max_position_embeddings: 77 },
      ends: (whole, text, vision) => {
        const width = whole.optional("projection_dim") ?? 512;
        return [
          ...linear("visual_projection", width, vision.count("hidden_size")),
          ...linear("text_projection", width, text.count("hidden_size")),
          { name: "logit_scale", shape: [] },
        ];
      },
    },
  ],
  [
    "siglip",
    {
      text: { hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 12, vocab_size: 32000, max_position_embeddings: 64 },
      ends: (_, text) => [
        ...linear("text_model.head", text.optional("projection_size") ?? text.count("hidden_size"), text.count("hidden_size"), true),
        ...["logit_scale", "logit_bias"].map((name) => ({ name, shape: [1] })),
      ],
    },
  ],
]);

export const pairKinds: readonly string[] = [...pairs.keys()];

/**
 * Every tensor of a model that compares texts with pictures (CLIP, SigLIP); undefined for any other.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function pairTensors(config: Config): NamedShape[] | undefined {
  const { model_type: type, text_config: textPart, vision_config: visionPart } = config;
  const pair = pairs.get(String(type));
  const tower = visionTowers.get(`${String(type)}_vision_model`);
  const architectures: unknown = config.architectures;
  const isWhole = !Array.isArray(architectures) || /^[A-Z][a-zA-Z]*Model$/.test(String(architectures[0]));
  if (!pair || !tower || !isWhole || !isRecord(textPart) || !isRecord(visionPart)) return undefined;
  const old = (name: string): Config => (isRecord(config[name]) ? config[name] : {});
  const text = new ConfigNumbers({ ...pair.text, ...textPart, ...old("text_config_dict") });
  const vision = new ConfigNumbers({ ...tower.defaults, ...visionPart, ...old("vision_config_dict") });
  const hidden = text.count("hidden_size");
  return [
    ...within("text_model", [
      { name: "embeddings.token_embedding.weight", shape: [text.count("vocab_size"), hidden] },
      { name: "embeddings.position_embedding.weight", shape: [text.count("max_position_embeddings"), hidden] },
      ...clipLayers(text, hidden),
      ...norm("final_layer_norm", hidden, true),
    ]),
    ...within("vision_model", tower.tensors(vision)),
    ...pair.ends(new ConfigNumbers(config), text, vision),
  ];
}
