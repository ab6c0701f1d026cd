import type { Checkpoint } from "../../core/tensor/checkpoint";
import { isOnnxModel, storedModel } from "../../jobs/perplexityModel";

/** What is compared of two models to see whether their perplexities can be: a checkpoint does not say which model it is of. */
export interface ModelShape {
  readonly vocabulary: number;
  /** Not known of ONNX models. */
  readonly layers?: string;
}

/** They have the same vocabulary, and where that is known as many layers of the same widths. */
export function areAlike(one: ModelShape, other: ModelShape): boolean {
  const areLayersAlike = one.layers === undefined || other.layers === undefined || one.layers === other.layers;
  return one.vocabulary === other.vocabulary && areLayersAlike;
}

/** Undefined for what cannot be run. */
export async function modelShape(checkpoint: Checkpoint): Promise<ModelShape | undefined> {
  try {
    const model = await storedModel(checkpoint);
    const { vocabulary } = model.description;
    if (isOnnxModel(model)) return { vocabulary };
    const { hidden, layers } = model.description;
    return { vocabulary, layers: [hidden, layers.length].join() };
  } catch {
    return undefined;
  }
}
