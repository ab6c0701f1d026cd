import { fp8Channel } from "../../quant/split/fp8Channel";
import { formName, type IntegerForm } from "../../quant/split/integerForm";
import { integerScheme } from "../../quant/split/integerScheme";
import { intQuantized } from "../../quant/split/intQuantized";
import { packQuantized } from "../../quant/split/packQuantized";
import { formOf } from "../integerTarget";
import { type LoaderFormat, sameFloat, type StorageTarget } from "../loaderFormat";
import { literally, type ModuleNames } from "../moduleNames";

/** llm-compressor's names of schemes, and the forms they stand for. Source: compressed-tensors `quantization/quant_scheme.py`. */
const presets: Readonly<Record<string, string>> = {
  w4a16: "int4-sym-g128",
  w4a16_asym: "int4-g128",
  w8a16: "int8-sym-channel",
};

const types = ["w4a16", "w4a16_asym", "w8a16", "w8a8", "fp8_dynamic"];

/** What llm-compressor writes and vLLM loads. Source: compressed-tensors `quantization/quant_config.py`. */
export const compressedTensors: LoaderFormat = {
  id: "compressed-tensors",
  label: "compressed-tensors",
  loaders: "vLLM, SGLang, transformers",
  types,
  keptType: sameFloat,
  target(type) {
    const name = type.toLowerCase();
    if (name === "w8a8" || name === "int8") return w8a8;
    if (name === "fp8_dynamic" || name === "fp8") return fp8Dynamic;
    const form = formOf(presets[name] ?? name, "compressed-tensors", types, whyNot);
    return {
      name: presets[name] ? name : formName(form),
      scheme: integerScheme(packQuantized, form),
      config: (modules) => packedConfig(form, modules),
      limits: form.symmetric ? ["keptExperts"] : ["packedZeros"],
    };
  },
};

function whyNot({ bits }: IntegerForm): string | undefined {
  return bits === 4 || bits === 8 ? undefined : `kernels are there for packed codes of 4 and 8 bits, not ${bits}`;
}

/** Everything but what is the same in all of them. */
interface WeightArguments {
  readonly num_bits: number;
  readonly type: "int" | "float";
  readonly symmetric: boolean;
  readonly strategy: "channel" | "group";
  readonly group_size: number | null;
  readonly actorder: "group" | null;
}

const eightBits: WeightArguments = { num_bits: 8, type: "int", symmetric: true, strategy: "channel", group_size: null, actorder: null };

function packedConfig({ bits, groupSize, symmetric, ordered }: IntegerForm, modules: ModuleNames): Record<string, unknown> {
  const group = { strategy: groupSize === -1 ? ("channel" as const) : ("group" as const), group_size: groupSize === -1 ? null : groupSize };
  return configOf(
    "pack-quantized",
    { num_bits: bits, type: "int", symmetric, ...group, actorder: ordered ? "group" : null },
    undefined,
    modules,
  );
}

/** Weights and activations in eight bits, the latter as they come. */
const w8a8: StorageTarget = {
  name: "w8a8",
  scheme: integerScheme(intQuantized, { bits: 8, groupSize: -1, symmetric: true }),
  config: (modules) => configOf("int-quantized", eightBits, "int", modules),
  limits: ["int8Experts"],
};

const fp8Dynamic: StorageTarget = {
  name: "fp8_dynamic",
  scheme: fp8Channel,
  config: (modules) => configOf("float-quantized", { ...eightBits, type: "float" }, "float", modules),
};

/** @param activations type of eight-bit activations; absent where they stay as they are */
function configOf(
  format: string,
  weights: WeightArguments,
  activations: "int" | "float" | undefined,
  { kept, keptWhole }: ModuleNames,
): Record<string, unknown> {
  const perToken = { num_bits: 8, type: activations, symmetric: true, strategy: "token", group_size: null, dynamic: true, observer: null };
  return {
    quant_method: "compressed-tensors",
    format,
    quantization_status: "compressed",
    global_compression_ratio: null,
    kv_cache_scheme: null,
    // A name alone is that of one layer; an expression has to match from the first letter on.
    ignore: ["lm_head", ...kept, ...keptWhole.map((name) => `re:${literally(name)}\\..*`)],
    config_groups: {
      group_0: {
        targets: ["Linear"],
        weights: { ...weights, block_structure: null, dynamic: false, observer: "memoryless_minmax", observer_kwargs: {} },
        input_activations: activations ? perToken : null,
        output_activations: null,
        format,
      },
    },
  };
}
