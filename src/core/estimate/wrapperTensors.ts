import { UsageError } from "../errors";
import { ConfigNumbers } from "./configNumbers";
import { linear, type NamedShape, norm, within } from "./namedShape";
import { qwen25Vision, qwen2Vision, qwen3Vision } from "./qwenVision";
import { type Config, isRecord } from "./textConfig";
import { visionTowers } from "./visionTowers";

/** What stands between an encoder of pictures and the language model. */
interface Between {
  whole: ConfigNumbers;
  vision: ConfigNumbers;
  /** Widths of the two. */
  from: number;
  to: number;
}

type Wrapper = (sizes: Between) => NamedShape[];

const square = (value: number): number => value * value;

/** Results of so many layers go on, side by side. */
function featureLayers({ record }: ConfigNumbers): number {
  return Array.isArray(record.vision_feature_layer) ? record.vision_feature_layer.length : 1;
}

function twoMatrices(from: number, to: number, hasBias: boolean): NamedShape[] {
  return [...linear("linear_1", to, from, hasBias), ...linear("linear_2", to, to, hasBias)];
}

const llava: Wrapper = ({ whole, from, to }) =>
  twoMatrices(from * featureLayers(whole), to, whole.isBiased(["multimodal_projector_bias", true]));
const llavaNext: Wrapper = (sizes) => [...llava(sizes), { name: "image_newline", shape: [sizes.to] }];
const mistral3: Wrapper = ({ whole, from, to }) => [
  ...norm("norm", from),
  ...linear("patch_merger.merging_layer", from, from * square(whole.optional("spatial_merge_size") ?? 2)),
  ...twoMatrices(from * featureLayers(whole), to, whole.isBiased("multimodal_projector_bias")),
];
const idefics3: Wrapper = ({ whole, from, to }) =>
  linear("modality_projection.proj", to, from * square(whole.optional("scale_factor") ?? 2));

function internvl({ whole, from, to }: Between): NamedShape[] {
  const ratio = whole.record.downsample_ratio;
  const wide = from * square(Math.trunc(1 / (typeof ratio === "number" && ratio > 0 && ratio <= 1 ? ratio : 0.5)));
  return [...norm("layer_norm", wide, true), ...twoMatrices(wide, to, true)];
}

/** Aya and Command: half of what comes out of the first matrix is a gate of the other. */
const gatedProjector = ({ whole, from, to }: Between, inner: number): NamedShape[] => [
  ...linear("linear_1", inner, from * square(whole.optional("downsample_factor") ?? 2), true),
  ...linear("linear_2", to, Math.floor(inner / 2), true),
];

function vipllava({ whole, from, to }: Between): NamedShape[] {
  // Five layers where the configuration does not say.
  const wide = from * (whole.record.vision_feature_layer === undefined ? 5 : featureLayers(whole));
  return [...norm("projector_layernorm", wide, true), ...twoMatrices(wide, to, true)];
}

function lfm2({ whole, from, to }: Between): NamedShape[] {
  const wide = from * square(whole.optional("downsample_factor") ?? 2);
  const inner = whole.optional("projector_hidden_size") ?? 2560;
  const bias = whole.isBiased(["projector_bias", true]);
  return [
    ...(whole.isBiased(["projector_use_layernorm", true]) ? norm("layer_norm", wide, true) : []),
    ...linear("linear_1", inner, wide, bias),
    ...linear("linear_2", to, inner, bias),
  ];
}

/** By the `model_type` of the whole. */
const wrappers: ReadonlyMap<string, Wrapper> = new Map(
  Object.entries({
    llava,
    llava_next: llavaNext,
    llava_next_video: llavaNext,
    llava_onevision: llavaNext,
    vipllava,
    aya_vision: (sizes) => [
      ...norm("layernorm", sizes.from * square(sizes.whole.optional("downsample_factor") ?? 2), true),
      ...gatedProjector(sizes, sizes.whole.optional("alignment_intermediate_size") ?? sizes.to),
    ],
    cohere2_vision: (sizes) => gatedProjector(sizes, sizes.whole.optional("alignment_intermediate_size") ?? 36864),
    lfm2_vl: lfm2,
    mistral3,
    lighton_ocr: mistral3,
    idefics3,
    smolvlm: idefics3,
    gemma3: ({ from, to }) => [{ name: "mm_input_projection_weight", shape: [from, to] }, ...norm("mm_soft_emb_norm", from)],
    paligemma: ({ vision, from }) => linear("linear", vision.count("projection_dim"), from, true),
    llama4: ({ vision, to }) => linear("linear_1", to, vision.count("vision_output_dim")),
    internvl,
  } satisfies Record<string, Wrapper>),
);

/** Encoders that end in the language model's width themselves. */
const endingInText: ReadonlyMap<string, (vision: ConfigNumbers) => NamedShape[]> = new Map([
  ["qwen2_vl", qwen2Vision],
  ["qwen2_5_vl", qwen25Vision],
  ["qwen3_vl", (vision) => qwen3Vision(vision, 3)],
  ["qwen3_vl_moe", (vision) => qwen3Vision(vision, 3)],
  ["qwen3_5", (vision) => qwen3Vision(vision, 0)],
  ["qwen3_5_moe", (vision) => qwen3Vision(vision, 0)],
]);

/**
 * The encoder of pictures of a model, and what leads from it to the language model; undefined where these are not known.
 *
 * @param to width of the language model
 * @throws UsageError `estimate.config-incomplete` where a number is one that cannot be
 */
export function pictureTensors(config: Config, to: number): NamedShape[] | undefined {
  const { model_type: type, vision_config: part } = config;
  if (typeof type !== "string" || !isRecord(part)) return undefined;
  try {
    const ending = endingInText.get(type);
    if (ending) return within("visual", ending(new ConfigNumbers(part)));
    const wrapper = wrappers.get(type);
    const tower = visionTowers.get(String(part.model_type));
    if (!wrapper || !tower) return undefined;
    const vision = new ConfigNumbers({ ...tower.defaults, ...part });
    const between = wrapper({ whole: new ConfigNumbers(config), vision, from: vision.count("hidden_size"), to });
    return [...within("vision_tower", tower.tensors(vision)), ...within("multi_modal_projector", between)];
  } catch (error) {
    // A part that leaves something out is as one that is not known.
    if (error instanceof UsageError && error.message.startsWith("The config.json does not say")) return undefined;
    throw error;
  }
}
