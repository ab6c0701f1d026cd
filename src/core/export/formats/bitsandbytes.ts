import { parseBlockwise } from "../../quant/bitsandbytes";
import { parseBitsandbytes4 } from "../../quant/split/bitsandbytes4";
import { splitInt8 } from "../../quant/split/int8Rows";
import { JsonFloat } from "../huggingFaceConfig";
import { unknownType } from "../integerTarget";
import { type LoaderFormat, sameFloat } from "../loaderFormat";
import { allKept, type ModuleNames } from "../moduleNames";

const types = ["nf4", "nf4-dq", "fp4", "fp4-dq", splitInt8.id];

const limits = ["bitsandbytesExperts"] as const;

/** What the library stores when transformers saves a model that it quantized. Source: transformers `BitsAndBytesConfig`. */
export const bitsandbytes: LoaderFormat = {
  id: "bnb",
  label: "bitsandbytes",
  loaders: "transformers, PEFT, vLLM",
  types,
  keptType: sameFloat,
  target(type) {
    const id = type.toLowerCase();
    if (id === "int8" || id === splitInt8.id)
      return { name: splitInt8.id, scheme: splitInt8, config: (modules) => configOf(undefined, modules), limits };
    const scheme = parseBitsandbytes4(id);
    if (!scheme) throw unknownType(type, "bitsandbytes", types);
    const four = { type: id.slice(0, 3), nested: parseBlockwise(id)!.nested };
    return { name: id, scheme, config: (modules) => configOf(four, modules), limits };
  },
};

function configOf(four: { type: string; nested: boolean } | undefined, modules: ModuleNames): Record<string, unknown> {
  const kept = allKept(modules);
  const isFour = four !== undefined;
  return {
    quant_method: "bitsandbytes",
    load_in_4bit: isFour,
    load_in_8bit: !isFour,
    _load_in_4bit: isFour,
    _load_in_8bit: !isFour,
    bnb_4bit_quant_type: four?.type ?? "fp4",
    bnb_4bit_use_double_quant: four?.nested ?? false,
    bnb_4bit_compute_dtype: isFour ? "bfloat16" : "float32",
    bnb_4bit_quant_storage: "uint8",
    llm_int8_enable_fp32_cpu_offload: false,
    llm_int8_has_fp16_weight: false,
    // With a list, the loader leaves the output matrix no longer out by itself.
    llm_int8_skip_modules: kept.length > 0 ? ["lm_head", ...kept] : null,
    llm_int8_threshold: new JsonFloat(6),
  };
}
