import type { RecipeTensor } from "../recipe/recipe";
import { layerOf } from "../recipe/tensorCategory";
import { ggufName } from "../recipe/tensorNames";
import type { RecipeModel } from "../recipe/typeRules";
import type { Checkpoint } from "../tensor/checkpoint";
import { findDType } from "../tensor/dtype";
import { countValues, type TensorInfo, valueDType } from "../tensor/tensorInfo";
import { attentionShape, cacheShape, groupedQueries } from "./attentionShape";
import type { AttentionShape, CacheShape } from "./cacheShape";
import type { CacheUnknown } from "./cacheUnknown";

/** A tensor as the estimator sees it. */
export interface SizedTensor extends RecipeTensor {
  /** Bytes it takes in the checkpoint now. */
  storedBytes: number;
}

/** Everything about a checkpoint that its sizes depend on. */
export interface ModelShapes {
  /** Shown as the basis of the estimate. */
  name: string;
  /** Values of all tensors. */
  parameters: number;
  /** By GGUF name, experts stacked as a GGUF file has them. */
  tensors: SizedTensor[];
  model: RecipeModel;
  /** Attention heads, and experts that each token passes through, where the checkpoint tells. */
  heads?: number;
  expertsUsed?: number;
  /** What is cached per token; undefined where the checkpoint does not tell. */
  cache?: CacheShape;
  /** Why that cannot be said. */
  cacheUnknown?: CacheUnknown;
  /** Tokens that it was trained to use, where the checkpoint tells. */
  context?: number;
}

/** Rotary frequencies are constants: converters drop them. */
const isDropped = (name: string): boolean => name.endsWith("rotary_emb.inv_freq");

/** What a tensor stays when a recipe does not touch it: converters write floats as F32 and copy integers. */
function keptType(tensor: TensorInfo, isGguf: boolean): string {
  if (isGguf) return tensor.dtype;
  const family = findDType(valueDType(tensor))?.family;
  return family === "float" ? "F32" : tensor.dtype;
}

/** Tensors of a safetensors checkpoint under their GGUF names; the experts of a layer become one stacked tensor. */
function asGguf(tensors: readonly TensorInfo[], architecture: string | undefined): SizedTensor[] {
  const byName = new Map<string, SizedTensor[]>();
  for (const tensor of tensors) {
    const name = ggufName(tensor.name, architecture) ?? tensor.name;
    const sized = { name, shape: tensor.shape, kept: keptType(tensor, false), storedBytes: tensor.bytes };
    const parts = byName.get(name);
    if (parts) parts.push(sized);
    else byName.set(name, [sized]);
  }
  return [...byName.values()].flatMap((parts) => {
    const [first] = parts as [SizedTensor];
    const same = parts.every(({ shape }) => shape.join() === first.shape.join());
    if (parts.length === 1 || !first.name.includes("_exps.") || !same) return parts;
    return [{ ...first, shape: [parts.length, ...first.shape], storedBytes: parts.reduce((sum, { storedBytes }) => sum + storedBytes, 0) }];
  });
}

/** Reads off a checkpoint what an exact estimate needs. Headers and configuration only, no weights. */
export async function shapesFromCheckpoint(checkpoint: Checkpoint): Promise<ModelShapes> {
  return modelShapes(checkpoint, await attentionShape(checkpoint));
}

/** The same, once it is known what the configuration says. */
export function modelShapes(
  { format, name, tensors: all, architecture }: Pick<Checkpoint, "format" | "name" | "tensors" | "architecture">,
  attention: AttentionShape,
): ModelShapes {
  const kept = all.filter((tensor) => !isDropped(tensor.name));
  const tensors =
    format === "gguf"
      ? kept.map((tensor) => ({ name: tensor.name, shape: tensor.shape, kept: keptType(tensor, true), storedBytes: tensor.bytes }))
      : asGguf(kept, architecture);
  const lastLayer = tensors.reduce((last, tensor) => Math.max(last, layerOf(tensor.name)), -1);
  return {
    name,
    parameters: kept.reduce((sum, { shape }) => sum + countValues(shape), 0),
    tensors,
    model: {
      layers: attention.layers ?? lastLayer + 1,
      groupedQueries: groupedQueries(attention, tensors),
      experts: attention.experts ?? 0,
    },
    ...(attention.heads === undefined ? {} : { heads: attention.heads }),
    ...(attention.expertsUsed === undefined ? {} : { expertsUsed: attention.expertsUsed }),
    cache: cacheShape(attention, tensors),
    ...(attention.unknown ? { cacheUnknown: attention.unknown } : {}),
    context: attention.context,
  };
}
