import { awqPacking } from "../../quant/split/awqPacking";
import type { IntegerForm } from "../../quant/split/integerForm";
import { integerScheme } from "../../quant/split/integerScheme";
import { dynamicOf } from "../gptqModelRules";
import { formOf } from "../integerTarget";
import type { LoaderFormat } from "../loaderFormat";
import { allKept } from "../moduleNames";

const types = ["int4-g128", "int4-g64", "int4-g32"];

/** AutoAWQ's GEMM checkpoints. Source: AutoAWQ `models/_config.py`; transformers `AwqConfig`. */
export const awq: LoaderFormat = {
  id: "awq",
  label: "AWQ",
  loaders: "vLLM, SGLang, transformers, GPTQModel",
  types,
  // Its kernels compute in half precision.
  keptType: () => "F16",
  target(type) {
    const form = formOf(type, "AWQ", types, whyNot);
    return {
      name: type.toLowerCase(),
      scheme: integerScheme(awqPacking, form),
      limits: ["gptqModel", "scaledActivations"],
      config: (modules) => ({
        quant_method: "awq",
        bits: form.bits,
        group_size: form.groupSize,
        zero_point: true,
        version: "gemm",
        modules_to_not_convert: allKept(modules).length > 0 ? allKept(modules) : null,
        // GPTQModel's loader does not look there.
        ...(allKept(modules).length > 0 ? { dynamic: dynamicOf(modules) } : {}),
      }),
    };
  },
};

function whyNot({ bits, symmetric, ordered }: IntegerForm): string | undefined {
  if (bits !== 4) return `their codes have 4 bits, not ${bits}`;
  if (symmetric) return "their groups have zero-points: leave out -sym";
  return ordered ? "they have no order of columns" : undefined;
}
