import { UsageError } from "../errors";
import { nearestNames } from "../quant/editDistance";
import type { ModelShapes } from "./modelShapes";
import type { PublishedModel } from "./published/publishedModel";
import { findPublished } from "./published/publishedModels";
import { publishedShapes } from "./published/publishedShapes";

/** Models whose proportions stand in for those of a model of which only the number of weights is known, smallest first. */
export const referenceNames = [
  "TinyLlama-1.1B",
  "Llama-3.2-1B",
  "Llama-3.2-3B",
  "Llama-2-7B",
  "Llama-3-8B",
  "Llama-2-13B",
  "Qwen2.5-14B",
  "Qwen2.5-32B",
  "Llama-3-70B",
  "Llama-3.1-405B",
] as const;

const shapesOf = (name: string): ModelShapes => publishedShapes(findReference(name)).shapes;

/** The shapes of the reference model whose size is nearest to `parameters`, by ratio. */
export function nearestReference(parameters: number): ModelShapes {
  const shapes = referenceNames.map(shapesOf);
  const distances = shapes.map((reference) => Math.abs(Math.log(reference.parameters / parameters)));
  return shapes[distances.indexOf(Math.min(...distances))]!;
}

/**
 * The published model of this name.
 *
 * @throws UsageError `estimate.unknown-architecture`, naming the nearest known
 */
export function findReference(name: string): PublishedModel {
  const found = findPublished(name);
  if (found) return found;
  const nearest = nearestNames(name, referenceNames);
  const hint = `Known shapes: ${(nearest.length > 0 ? nearest : referenceNames).join(", ")}.`;
  throw new UsageError("estimate.unknown-architecture", `There is no reference shape "${name}". ${hint}`, { found: name, hint });
}
