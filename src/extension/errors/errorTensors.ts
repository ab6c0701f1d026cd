import type { Checkpoint } from "../../core/tensor/checkpoint";
import { countValues } from "../../core/tensor/tensorInfo";
import { whyUnreadable } from "../../jobs/tensorPlan";
import type { ErrorTensor } from "../../protocol/errors";

const inLayer = /(?:^|\.)(?:layers?|blk|h|blocks?)\.(\d+)\.(.+)$/;
/** Parts of names that say nothing: modules between a layer and the matrix, and the matrix's own name. */
const ends = /\.(weight|kernel|qweight)$/;

/**
 * What a checkpoint's error table is about: matrices with readable values. Vectors (norms, biases) stay as they are in every
 * quantized file.
 */
export function errorTensors(checkpoint: Checkpoint): ErrorTensor[] {
  return checkpoint.tensors.flatMap((info, index): ErrorTensor[] => {
    const parameters = countValues(info.shape);
    if (info.shape.length < 2 || parameters === 0 || whyUnreadable(checkpoint, info) !== undefined) return [];
    return [{ index, name: info.name, parameters, ...placeInModel(info.name) }];
  });
}

/** Where a tensor is in a model, and what, by its name. */
export function placeInModel(tensor: string): Pick<ErrorTensor, "layer" | "kind"> {
  const [, layer, rest] = inLayer.exec(tensor) ?? [];
  const name = (rest ?? tensor).replace(ends, "");
  const kind = name.slice(name.lastIndexOf(".") + 1);
  return { ...(layer === undefined ? {} : { layer: Number(layer) }), kind };
}
