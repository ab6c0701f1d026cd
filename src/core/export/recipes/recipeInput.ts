import { UsageError } from "../../errors";
import type { LoaderFormat, StorageTarget } from "../loaderFormat";
import type { ModuleNames } from "../moduleNames";

/** What a recipe for another quantizer is made of: settings, not weights. */
export interface RecipeInput {
  readonly format: LoaderFormat;
  readonly target: StorageTarget;
  /** How layers are quantized: `rtn`, `gptq`, `awq`. */
  readonly method: string;
  readonly modules: ModuleNames;
}

/** @returns the error for a method that a quantizer does not have */
export function unknownMethod(method: string, known: readonly string[]): UsageError {
  return new UsageError("unknown-method", `"${method}" is no method of this recipe`, { found: method, expected: known.join(", ") });
}
