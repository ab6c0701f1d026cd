import { storableType } from "../quant/ggml/fallback";
import type { FileType } from "../recipe/fileTypes";
import { assignTypes, isQuantizable, type RecipeTensor, type TensorTypeChoice } from "../recipe/recipe";
import type { RecipeModel } from "../recipe/typeRules";
import { findDType, storedBytes } from "../tensor/dtype";
import { countValues, matrixShape } from "../tensor/tensorInfo";
import { addParts, codeBytes, noParts, quantizedParts, type WeightParts } from "./weightParts";

/** GGUF's default alignment: every tensor's data is padded to a multiple of it. */
const alignment = 32;

/** A GGUF file's tensor data: bytes, and how many matrices could not be stored in the type they were meant for. */
export interface GgufSize {
  bytes: number;
  parts: WeightParts;
  replaced: number;
}

/** Bytes of one tensor in a GGUF file, padding included. */
function paddedParts(tensor: RecipeTensor, type: string, asStored: number | undefined): WeightParts {
  const dtype = findDType(type);
  const bytes = (dtype && storedBytes(dtype, tensor.shape)) ?? asStored ?? 0;
  const padded = Math.ceil(bytes / alignment) * alignment;
  if (!dtype || !isQuantizable(tensor)) return { ...noParts, plain: padded };
  return quantizedParts(padded, (countValues(tensor.shape) / dtype.blockSize) * codeBytes(dtype));
}

/** Every weight matrix in one type (llama-quantize's `--pure`), the rest kept. */
function uniformChoices(tensors: readonly RecipeTensor[], type: string): TensorTypeChoice[] {
  return tensors.map((tensor) => {
    if (!isQuantizable(tensor)) return { name: tensor.name, type: tensor.kept ?? "F32", rule: "notAMatrix" };
    const stored = storableType(type, matrixShape(tensor.shape).columns);
    return { name: tensor.name, type: stored, rule: "pure", ...(stored === type ? {} : { wanted: type }) };
  });
}

/**
 * Exact bytes of the tensor data of a GGUF file made of these tensors, either as llama-quantize mixes a file type or with
 * one ggml type throughout.
 *
 * @param model taken without importance matrix unless the file type demands one
 */
export function ggufSize(
  tensors: readonly (RecipeTensor & { storedBytes?: number })[],
  type: { fileType: FileType; model: RecipeModel } | { ggml: string },
): GgufSize {
  const choices =
    "ggml" in type
      ? uniformChoices(tensors, type.ggml)
      : assignTypes(tensors, type.fileType, { ...type.model, importance: type.fileType.needsImportance });
  let parts = noParts;
  let replaced = 0;
  choices.forEach((choice, i) => {
    const tensor = tensors[i]!;
    parts = addParts(parts, paddedParts(tensor, choice.type, tensor.storedBytes));
    if (choice.wanted !== undefined || choice.rule === "oddOutputMatrix") replaced++;
  });
  return { bytes: parts.codes + parts.scales + parts.plain, parts, replaced };
}
