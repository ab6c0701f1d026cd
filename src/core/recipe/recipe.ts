import { storableType } from "../quant/ggml/fallback";
import { findDType } from "../tensor/dtype";
import { matrixShape } from "../tensor/tensorInfo";
import type { FileType } from "./fileTypes";
import type { Reason } from "./reasons";
import { isWeightMatrix, layerOf, type TensorCategory, tensorCategory } from "./tensorCategory";
import { type RecipeModel, ruledType, type RuledType } from "./typeRules";

/** A tensor a recipe decides about. */
export interface RecipeTensor {
  /** GGUF name. */
  name: string;
  /** Row-major. */
  shape: readonly number[];
  /** ggml type the tensor keeps where the recipe does not touch it; F32 when absent, as the converter writes norms. */
  kept?: string;
}

/** The ggml type of one tensor in a quantized file, and why. */
export interface TensorTypeChoice {
  name: string;
  type: string;
  rule: Reason;
  /** The type it should have had, where its rows do not divide into that one's blocks. */
  wanted?: string;
}

/** A type given by hand to the tensors whose names match: `--tensor-type PATTERN=TYPE`. */
export interface TypeOverride {
  pattern: RegExp;
  /** ggml type. */
  type: string;
  /** As written, for the reason shown. */
  text: string;
}

/** How a recipe departs from its file type. */
export interface RecipeOptions {
  /** The first whose pattern matches decides. */
  overrides?: readonly TypeOverride[];
  /** Every weight matrix in the file type's base type: no rules but overrides. */
  pure?: boolean;
  /** Types given by tensor name, before anything else: what a target size was solved to. */
  assigned?: ReadonlyMap<string, string>;
}

/** True for the tensors a recipe gives a type to: matrices of real numbers; all others are copied as they are. */
export function isQuantizable({ name, shape, kept }: RecipeTensor): boolean {
  const family = kept === undefined ? "float" : findDType(kept)?.family;
  return isWeightMatrix(name, shape) && (family === "float" || family === "block");
}

/** The categories whose tensors are counted through the layers. */
const counted: readonly TensorCategory[] = ["value", "down", "up", "gate"];

/** llama-quantize's order, in which it also writes them: tensors outside the layers first, then by layer, then by name. */
export function inRecipeOrder<T extends { readonly name: string }>(tensors: readonly T[]): T[] {
  return tensors
    .map((tensor) => ({ tensor, name: tensor.name, layer: layerOf(tensor.name) }))
    .sort((a, b) => a.layer - b.layer || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ tensor }) => tensor);
}

function decide(
  tensor: RecipeTensor,
  category: TensorCategory,
  fileType: FileType,
  model: RecipeModel,
  index: number,
  count: number,
): RuledType {
  const { base } = fileType;
  const columns = matrixShape(tensor.shape).columns;
  const asIs: RuledType = { type: base, rule: "baseType" };
  if (findDType(base)?.family !== "block") return asIs;
  if (category === "output" && columns % findDType(base)!.blockSize !== 0) return { type: "Q8_0", rule: "oddOutputMatrix" };
  if (fileType.name === "MXFP4_MOE" && tensor.shape.length >= 3 && tensor.shape[tensor.shape.length - 3]! > 1) return asIs;
  // With experts, llama.cpp takes the layer number itself, since one layer may count several times.
  const position = model.experts > 1 && category !== "value" ? layerOf(tensor.name) : index;
  return ruledType(category, { fileType: fileType.name, model, index: position, count }, base) ?? asIs;
}

/** The type that the caller gives to a tensor instead of the rules. llama-quantize has such only for quantized file types. */
function givenType({ name }: RecipeTensor, fileType: FileType, options: RecipeOptions): RuledType | undefined {
  const assigned = options.assigned?.get(name);
  if (assigned !== undefined) return { type: assigned, rule: "targetSize" };
  if (findDType(fileType.base)?.family !== "block") return undefined;
  const override = options.overrides?.find(({ pattern }) => pattern.test(name));
  if (override) return { type: override.type, rule: { code: "override", values: [override.text] } };
  return options.pure ? { type: fileType.base, rule: "pure" } : undefined;
}

/**
 * The type llama-quantize gives to every tensor of a model, in the order of `tensors`. Where the rows of a tensor do not
 * divide into the chosen type's blocks, its replacement is chosen and named in the rule.
 */
export function assignTypes(
  tensors: readonly RecipeTensor[],
  fileType: FileType,
  model: RecipeModel,
  options: RecipeOptions = {},
): TensorTypeChoice[] {
  const tied = !tensors.some(({ name }) => name === "output.weight");
  const isValue = (tensor: RecipeTensor): boolean => isQuantizable(tensor) && tensorCategory(tensor.name) === "value";
  const values = tensors.filter(isValue).length;
  const seen = new Map<TensorCategory, number>();
  const choices = new Map<RecipeTensor, TensorTypeChoice>();
  for (const tensor of inRecipeOrder(tensors)) {
    const { name, shape } = tensor;
    if (!isQuantizable(tensor)) {
      choices.set(tensor, { name, type: tensor.kept ?? "F32", rule: "notAMatrix" });
      continue;
    }
    const category = tied && name === "token_embd.weight" ? "output" : tensorCategory(name);
    const given = givenType(tensor, fileType, options);
    const index = seen.get(category) ?? 0;
    // Tensors whose type is given are not counted through the layers, as in llama-quantize.
    if (!given && counted.includes(category)) seen.set(category, index + 1);
    const wanted = given ?? decide(tensor, category, fileType, model, index, category === "value" ? values : model.layers);
    choices.set(tensor, { name, ...fitted(wanted, matrixShape(shape).columns) });
  }
  return tensors.map((tensor) => choices.get(tensor)!);
}

function fitted(wanted: RuledType, columns: number): Omit<TensorTypeChoice, "name"> {
  const type = storableType(wanted.type, columns);
  if (type === wanted.type) return wanted;
  return { type, rule: { code: "indivisible", values: [String(columns), wanted.type] }, wanted: wanted.type };
}
