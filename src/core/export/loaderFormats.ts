import { awq } from "./formats/awq";
import { bitsandbytes } from "./formats/bitsandbytes";
import { compressedTensors } from "./formats/compressedTensors";
import { gptq, gptq2 } from "./formats/gptq";
import { safetensors } from "./formats/safetensors";
import type { LoaderFormat } from "./loaderFormat";

/** Formats of checkpoints for PyTorch's world, in the order in which they are offered. */
export const loaderFormats: readonly LoaderFormat[] = [safetensors, gptq, gptq2, awq, bitsandbytes, compressedTensors];

/** The format of that name; undefined for any other, GGUF among them. */
export function findLoaderFormat(id: string): LoaderFormat | undefined {
  return loaderFormats.find((format) => format.id === id);
}
