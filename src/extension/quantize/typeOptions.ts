import { withHuggingFaceTensors } from "../../core/convert/toHuggingFace";
import type { SourceModel } from "../../core/convert/sourceModel";
import { FormatError, UsageError } from "../../core/errors";
import { whyNotOllama } from "../../core/export/ollama";
import { findLoaderFormat } from "../../core/export/loaderFormats";
import { planSafetensors } from "../../core/export/safetensors";
import { fileTypes } from "../../core/recipe/fileTypes";
import { planGguf, type WritePlan } from "../../core/recipe/preflight";
import type { Reason } from "../../core/recipe/reasons";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { WriteFormat } from "../../jobs/writeFormat";

/** A type that can be chosen, with the size that the file gets; or the reason why it cannot. */
export interface TypeOption {
  readonly name: string;
  /** Of the whole file, exact. */
  readonly bytes?: number;
  readonly bitsPerWeight?: number;
  readonly needsImportance?: boolean;
  /** Why it cannot be chosen. */
  readonly reason?: string;
}

/**
 * Every type of a format. Plans each of them: exact to the byte, without an importance matrix.
 *
 * @param text localizes why a type cannot be chosen
 */
export function typeOptions(
  format: WriteFormat,
  checkpoint: Checkpoint,
  model: SourceModel | undefined,
  text: (reason: Reason) => string,
): TypeOption[] {
  const loader = findLoaderFormat(format);
  if (loader) {
    const plan = (name: string): WritePlan => {
      const named = withHuggingFaceTensors(checkpoint).checkpoint;
      return planSafetensors({ checkpoint: named, format: loader, target: loader.target(name), out: "model.safetensors" });
    };
    return loader.types.map((name) => planned(name, () => plan(name)));
  }
  if (!model) return [];
  return fileTypes.map((fileType): TypeOption => {
    const { name, needsImportance } = fileType;
    const reason = format === "ollama" ? whyNotOllama(fileType) : undefined;
    if (reason !== undefined) return { name, reason: text(reason) };
    return { ...planned(name, () => planGguf(model, "model.gguf", { fileType })), ...(needsImportance ? { needsImportance } : {}) };
  });
}

function planned(name: string, plan: () => WritePlan): TypeOption {
  try {
    const { bytes, bitsPerWeight } = plan();
    return { name, bytes, bitsPerWeight };
  } catch (error) {
    if (error instanceof UsageError || error instanceof FormatError) return { name, reason: error.message };
    throw error;
  }
}
