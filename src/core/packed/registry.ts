import type { PackingMethod } from "./method";
import { awq } from "./methods/awq";
import { bitsandbytes4 } from "./methods/bitsandbytes4";
import { compressedTensors } from "./methods/compressedTensors";
import { fp4 } from "./methods/fp4";
import { gptq } from "./methods/gptq";
import { hqq } from "./methods/hqq";
import { llmInt8 } from "./methods/llmInt8";
import { scaled } from "./methods/scaled";
import { torchao } from "./methods/torchao";

/** Every way of packing weights that is understood. The first that claims a tensor has it. */
export const packingMethods: readonly PackingMethod[] = [gptq, awq, bitsandbytes4, llmInt8, compressedTensors, fp4, scaled, hqq, torchao];
