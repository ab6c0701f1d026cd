import { UsageError } from "../core/errors";
import { findLoaderFormat } from "../core/export/loaderFormats";
import { gptqModelScript } from "../core/export/recipes/gptqModel";
import { llamaQuantizeScript } from "../core/export/recipes/llamaQuantize";
import { llmCompressorRecipe } from "../core/export/recipes/llmCompressor";
import { moduleNames } from "../core/export/moduleNames";
import type { PreparedWrite, WriteRequest } from "./prepareWrite";

/** Quantizers that recipes are written for, with the method each has where none is given. */
const recipes = {
  "llm-compressor": { write: llmCompressorRecipe, method: "gptq" },
  gptqmodel: { write: gptqModelScript, method: undefined },
} as const;

export interface RecipeRequest extends WriteRequest {
  /** Of llama-quantize. */
  readonly allowRequantize: boolean;
  /** Path of the importance matrix. */
  readonly imatrix?: string;
}

/**
 * What was prepared, as a recipe for another quantizer on a larger machine.
 *
 * @param kind `llm-compressor`, `gptqmodel` or `llama-quantize`
 * @throws UsageError `unknown-recipe`, `recipe-format` and those of the recipes
 */
export function recipeText(kind: string, { plan, fileType }: PreparedWrite, request: RecipeRequest): string {
  const format = findLoaderFormat(request.to);
  if (kind === "llama-quantize") {
    if (!fileType) throw otherFormat(kind, "gguf", request.to);
    const { overrides = [], pure = false, allowRequantize, imatrix } = request;
    return llamaQuantizeScript({ fileType, plan, overrides, pure, allowRequantize, imatrix });
  }
  if (!Object.hasOwn(recipes, kind)) {
    const known = [...Object.keys(recipes), "llama-quantize"].join(", ");
    throw new UsageError("unknown-recipe", `"${kind}" is no quantizer that recipes are written for`, { found: kind, expected: known });
  }
  if (!format) throw otherFormat(kind, "compressed-tensors, gptq, gptq-v2 or awq", request.to);
  const { write, method = format.id === "awq" ? "awq" : "gptq" } = recipes[kind as keyof typeof recipes];
  return write({
    format,
    target: format.target(request.type!),
    method: request.method?.toLowerCase() ?? method,
    modules: moduleNames(plan.tensors),
  });
}

function otherFormat(kind: string, expected: string, found: string): UsageError {
  return new UsageError("recipe-format", `${kind} does not write ${found}`, { found, expected });
}
