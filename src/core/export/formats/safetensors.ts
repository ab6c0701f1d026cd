import { UsageError } from "../../errors";
import { type LoaderFormat, sameFloat, type StorageTarget } from "../loaderFormat";
import { bitsandbytes } from "./bitsandbytes";
import { compressedTensors } from "./compressedTensors";

/** Float types a checkpoint can be written in throughout. */
const plainTypes = ["F32", "F16", "BF16"];

/** Types of other formats that need no choice beside their name. */
const borrowed: Readonly<Record<string, () => StorageTarget>> = {
  fp8: () => compressedTensors.target("fp8"),
  nf4: () => bitsandbytes.target("nf4"),
  fp4: () => bitsandbytes.target("fp4"),
};

/** The same checkpoint in another float type, and the plainest of what else loaders take. */
export const safetensors: LoaderFormat = {
  id: "safetensors",
  label: "safetensors",
  loaders: "transformers, vLLM, SGLang",
  types: [...plainTypes, ...Object.keys(borrowed)],
  keptType: sameFloat,
  target(type) {
    const plain = plainTypes.find((name) => name === type.toUpperCase());
    if (plain) return { name: plain, plain };
    const other = borrowed[type.toLowerCase()]?.();
    if (other) return other;
    const known = safetensors.types.map((name) => name.toLowerCase()).join(", ");
    throw new UsageError("unknown-type", `"${type}" is no type to write a safetensors checkpoint in`, { found: type, expected: known });
  },
};
