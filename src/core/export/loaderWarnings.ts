import type { TensorPlan } from "../recipe/preflight";
import { withValues } from "../recipe/reasons";
import { countValues } from "../tensor/tensorInfo";
import { isSound } from "./moduleNames";

/** What loaders of a format cannot do, in English, with the versions that were tried. The editor's texts are translations of these, by the same codes. */
export const loaderWarningTexts = {
  bitsandbytesExperts:
    "transformers 5 (tried: 5.23) does not load these experts: it merges those of a layer into one tensor. transformers 4 (tried: 4.57) does. For transformers 5 choose w4a16 or w8a16 of compressed-tensors, or leave the experts as they are: {0} on the command line",
  int8Experts:
    "transformers 5 (tried: 5.23) does not load a mixture of experts of this type. transformers 4 (tried: 4.57) does. For transformers 5 choose w8a16 or fp8_dynamic",
  keptExperts:
    "transformers 5 (tried: 5.23) takes experts for quantized where other layers are, and does not load this. transformers 4 (tried: 4.57) does. For transformers 5 quantize the experts, too, or choose fp8_dynamic",
  packedZeros: "transformers (tried: 4.57 and 5.23) does not load packed zero-points; vLLM does. w4a16 has none",
  lostExperts:
    "transformers 5 (tried: 5.23) puts random numbers in the place of these experts and says so only in its log. GPTQModel.load reads them (tried: 7.7 with Qwen, DeepSeek and OLMoE). For transformers 5 choose w4a16 of compressed-tensors, or leave the experts as they are: {0} on the command line",
  lostNamedExperts:
    "transformers 5 (tried: 5.23) puts random numbers in the place of these experts and says so only in its log, and GPTQModel (tried: 7.7) looks for them under other names. For transformers 5 choose w4a16 of compressed-tensors, or leave the experts as they are: {0} on the command line",
  otherNames:
    "GPTQModel (tried: 7.7) looks for {0} under another name: it refuses this checkpoint or computes nonsense. transformers 5 (tried: 5.23) loads it",
  scaledActivations:
    "transformers 5 (tried: 5.23) computes nonsense with AWQ checkpoints of this family: it expects scales of the activations, too. Choose gptq, or w4a16 of compressed-tensors",
  soundGptq:
    "transformers 5 (tried: 5.23) loads GPTQ checkpoints only of models that read text. Choose bitsandbytes, AWQ or compressed-tensors",
  stackedExperts:
    "{0} tensors with all experts of a layer stay as they are: this format has no form for them. They are {1} % of the weights",
} as const;

export type LoaderWarningCode = keyof typeof loaderWarningTexts;

/** What a loader does not do with a checkpoint that is to be written. */
export interface LoaderWarning {
  readonly code: LoaderWarningCode;
  readonly values: readonly string[];
}

/** The warning in English, for the command line. */
export function loaderWarningText({ code, values }: LoaderWarning): string {
  return withValues(loaderWarningTexts[code], values);
}

/** What may be wrong with checkpoints of a type; which of it is, depends on the model. */
export type LoaderLimit =
  "bitsandbytesExperts" | "int8Experts" | "keptExperts" | "packedZeros" | "gptqModel" | "scaledActivations" | "soundGptq";

/**
 * What is known not to load of what a plan writes: to be said before it is written.
 *
 * @param limits of the type that is written
 */
export function loaderWarnings(tensors: readonly TensorPlan[], limits: readonly LoaderLimit[]): LoaderWarning[] {
  const experts = tensors.filter(({ name, shape }) => shape.length === 2 && expert.test(name));
  const isQuantized = experts.some(({ split }) => split);
  const leaveAlone = ['--tensor-type "\\.experts\\.=stored"'];
  const checks: Readonly<Record<LoaderLimit, () => LoaderWarning | undefined>> = {
    bitsandbytesExperts: () => (isQuantized ? { code: "bitsandbytesExperts", values: leaveAlone } : undefined),
    int8Experts: () => (experts.length > 0 ? { code: "int8Experts", values: [] } : undefined),
    keptExperts: () => (experts.some(({ split }) => !split) ? { code: "keptExperts", values: [] } : undefined),
    packedZeros: () => ({ code: "packedZeros", values: [] }),
    scaledActivations: () => (tensors.some(isScaled) ? { code: "scaledActivations", values: [] } : undefined),
    soundGptq: () => (tensors.some(isSound) ? { code: "soundGptq", values: [] } : undefined),
    gptqModel: () => {
      const other = tensors.find(isNamedOtherwise)?.name;
      if (isQuantized) return { code: other === undefined ? "lostExperts" : "lostNamedExperts", values: leaveAlone };
      const isRead = !limits.includes("scaledActivations") || !tensors.some(isScaled);
      return other === undefined || !isRead ? undefined : { code: "otherNames", values: [other] };
    },
  };
  return [...limits.flatMap((limit) => checks[limit]() ?? []), ...stackedExperts(tensors)];
}

/** One expert's matrix; transformers 5 has no module for it. */
const expert = /\blayers\.\d+\..*\bexperts\.\d+\./;

/** A matrix before an activation function that AutoAWQ scales, of GPT-NeoX and StarCoder 2. Source: transformers `integrations/awq.py`. */
function isScaled({ name, split }: TensorPlan): boolean {
  return split !== undefined && /^(?:gpt_neox\.layers\.\d+\.mlp\.dense_h_to_4h|model\.layers\.\d+\.mlp\.c_fc)\.weight$/.test(name);
}

/**
 * Whether GPTQModel, which goes by the names that transformers 5 gives modules after it split what is fused, has another name for it:
 * language models beside a tower, GPT-NeoX' output, Mixtral's experts, Phi-3's two matrices in one, stacked experts.
 */
function isNamedOtherwise(tensor: TensorPlan): boolean {
  const { name, shape } = tensor;
  if (/^(?:language_model\.model\.layers|visual|embed_out)\.|\.block_sparse_moe\./.test(name)) return true;
  return (shape.length === 2 && name.endsWith(".mlp.gate_up_proj.weight")) || isStacked(tensor);
}

function isStacked({ name, shape, type, split }: TensorPlan): boolean {
  return shape.length === 3 && !split && /^B?F\d/.test(type) && /\blayers\.\d+\.(?:.*\.)?(?:experts|block_sparse_moe)\./.test(name);
}

function stackedExperts(tensors: readonly TensorPlan[]): LoaderWarning[] {
  const stacked = tensors.filter(isStacked);
  if (stacked.length === 0) return [];
  const weightsOf = (some: readonly TensorPlan[]): number =>
    some.filter(({ reason }) => reason !== "description").reduce((sum, { shape }) => sum + countValues(shape), 0);
  const share = Math.round((100 * weightsOf(stacked)) / weightsOf(tensors));
  return [{ code: "stackedExperts", values: [String(stacked.length), String(share)] }];
}
