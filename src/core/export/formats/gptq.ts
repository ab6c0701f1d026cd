import { gptqV1, gptqV2 } from "../../quant/split/gptqPacking";
import type { IntegerForm } from "../../quant/split/integerForm";
import { integerScheme } from "../../quant/split/integerScheme";
import { dynamicOf } from "../gptqModelRules";
import { formOf } from "../integerTarget";
import { halfFloat, type LoaderFormat } from "../loaderFormat";
import { allKept, type ModuleNames } from "../moduleNames";

const types = [
  ...["int4-sym-g128", "int4-g128", "int4-sym-g64", "int4-sym-g32", "int8-sym-g128", "int8-sym-channel"],
  ...["int3-sym-g128", "int3-g128", "int2-g64"],
];

/** @param version of the format: how zero-points are stored */
function gptqFormat(id: string, label: string, packing: typeof gptqV1, version: string): LoaderFormat {
  return {
    id,
    label,
    loaders: "GPTQModel, transformers, vLLM, SGLang",
    types,
    keptType: halfFloat,
    target(type) {
      const form = formOf(type, label, types, whyNot);
      return {
        name: type.toLowerCase(),
        scheme: integerScheme(packing, form),
        config: (modules) => configOf(form, version, modules),
        hasOwnFile: true,
        limits: ["gptqModel", "soundGptq"],
      };
    },
  };
}

function whyNot({ bits }: IntegerForm): string | undefined {
  return [2, 3, 4, 8].includes(bits) ? undefined : `their codes have 2, 3, 4 or 8 bits, not ${bits}`;
}

const firstVersion = "gptq";

/**
 * The first release of GPTQModel that stores asymmetric zero-points as is done here. Its loader takes them in the first version
 * of the format only from a list of quantizers with its own name, since others have stored them in other ways.
 */
const sameZeros = "gptqmodel:0.9.0";

/** Source: GPTQModel `quantization/config.py` (to_dict); the last two keys as its loader and optimum's leave layers out. */
function configOf(
  { bits, groupSize, symmetric, ordered = false }: IntegerForm,
  version: string,
  modules: ModuleNames,
): Record<string, unknown> {
  return {
    quant_method: "gptq",
    bits,
    group_size: groupSize,
    desc_act: ordered,
    sym: symmetric,
    static_groups: false,
    true_sequential: true,
    lm_head: false,
    method: "gptq",
    format: version,
    checkpoint_format: version,
    pack_dtype: "int32",
    meta: { quantizer: ["quantscope", ...(version === firstVersion && !symmetric ? [sameZeros] : [])] },
    ...(allKept(modules).length > 0
      ? {
          dynamic: dynamicOf(modules),
          modules_in_block_to_quantize: [quantizedEndings(modules)],
        }
      : {}),
  };
}

/**
 * Ends of names by which loaders find the layers in the blocks of the language model: those inside of a block where nothing that
 * is kept in another one is called so, else from the number of the block on.
 */
function quantizedEndings({ quantized, ...modules }: ModuleNames): string[] {
  const inBlock = (name: string): string => name.replace(/^.*\blayers\.\d+(?:\.|$)/, "");
  const kept = allKept(modules)
    .filter((name) => inBlock(name) !== name)
    .map(inBlock);
  const isKeptToo = (ending: string): boolean => kept.some((name) => name === "" || name.endsWith(ending) || ending.startsWith(`${name}.`));
  const endingOf = (name: string): string => (isKeptToo(inBlock(name)) ? name.replace(/^.*\b(?=layers\.\d+\.)/, "") : inBlock(name));
  return [...new Set(quantized.map(endingOf))];
}

export const gptq = gptqFormat("gptq", "GPTQ", gptqV1, firstVersion);
export const gptq2 = gptqFormat("gptq-v2", "GPTQ v2", gptqV2, "gptq_v2");
