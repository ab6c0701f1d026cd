import { UsageError } from "../errors";
import { findDType } from "../tensor/dtype";
import type { WritePlan } from "./preflight";

const always = ["IQ3_XXS", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ1_M", "IQ1_S"];

/** Whether llama-quantize refuses to give a tensor this type without an importance matrix. */
function needsImportance(name: string, type: string, fileType: string): boolean {
  if (name === "token_embd.weight" || name === "per_layer_token_embd.weight" || name === "output.weight") return false;
  return always.includes(type) || (type === "Q2_K" && fileType === "Q2_K_S");
}

export interface WriteConditions {
  fileType: string;
  /** Tensors that have weights. */
  hasImportance: (tensor: string) => boolean;
  allowRequantize: boolean;
}

/**
 * What llama-quantize refuses as well: quantizing what is quantized already, and types that are useless without an
 * importance matrix.
 *
 * @throws UsageError `requantize`, `needs-importance`
 */
export function checkPlan(plan: WritePlan, { fileType, hasImportance, allowRequantize }: WriteConditions): void {
  for (const { name, source, from, type } of plan.tensors) {
    if (source.dtype === type) continue;
    // What is no stored type is the name of a packing, such as `GPTQ-int4`. To make floats of those loses nothing.
    const isPacked = findDType(from) === undefined && findDType(type)?.family === "block";
    if (!allowRequantize && (isPacked || findDType(source.dtype)?.family === "block")) {
      throw new UsageError("requantize", `${name} is quantized already, as ${from}`, {
        tensor: name,
        found: from,
        hint: "Quantizing twice adds up the errors. Start from the original weights, or allow it with --allow-requantize.",
      });
    }
    if (needsImportance(name, type, fileType) && !hasImportance(name)) {
      throw new UsageError("needs-importance", `${type} for ${name} needs an importance matrix`, {
        tensor: name,
        found: "none",
        hint: "Without it the result would be useless. Give one with --imatrix.",
      });
    }
  }
}
