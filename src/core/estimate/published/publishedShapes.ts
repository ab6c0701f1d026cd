import { type ConfiguredModel, configuredModel } from "../configShapes";
import type { PublishedModel } from "./publishedModel";

const made = new Map<PublishedModel, ConfiguredModel>();

/** Shapes of a published model. Kept once made: estimates are asked for at every keystroke. */
export function publishedShapes(model: PublishedModel): ConfiguredModel {
  const shapes = made.get(model) ?? configuredModel(model.config, model.name);
  made.set(model, shapes);
  return shapes;
}
