import type { TensorPlan } from "../recipe/preflight";
import { looksLinear, moduleOf } from "./linearLayers";

/** Which modules of a model were stored in several tensors, and which matrices stay as they are. */
export interface ModuleNames {
  /** Names of layers, without `.weight`. */
  readonly quantized: readonly string[];
  /**
   * Linear layers that a loader would take for quantized ones if it were not told; without the output matrix, which loaders leave
   * out by themselves, and without those in `keptWhole`. By every name that a loader may give them.
   */
  readonly kept: readonly string[];
  /** Modules with such layers and no quantized one: a tower for pictures, the experts of a layer. By every name, too. */
  readonly keptWhole: readonly string[];
}

/**
 * Which modules a plan quantizes, and which of those that loaders would expect to be it keeps: by the names in the file, and by
 * those that transformers gives them, which renames parts of models that see or hear, and blocks of experts, as it loads.
 */
export function moduleNames(tensors: readonly TensorPlan[]): ModuleNames {
  const quantized = tensors.filter(({ split }) => split).map(({ name }) => moduleOf(name));
  const kept = [
    ...tensors.filter((tensor) => !tensor.split && looksLinear(tensor)).map(({ name }) => moduleOf(name)),
    ...(tensors.some(isSound) ? [whisperHead] : []),
  ];
  const parents = new Set(quantized.flatMap((name) => ancestorsOf(name)));
  const rootOf = (name: string): string =>
    ancestorsOf(name).find((ancestor) => !parents.has(ancestor) && (!inBlocks.test(ancestor) || ancestor.endsWith(".experts"))) ?? name;
  const roots = new Set(kept.map(rootOf));
  const leaves = new Set(kept);
  const hasTower = [...roots].some((name) => !leaves.has(name) && !name.startsWith("model."));
  const named = (names: string[]): string[] => [...new Set(names.flatMap((name) => [name, ...loadedNames(name, hasTower)]))];
  return {
    quantized,
    kept: named([...roots].filter((name) => leaves.has(name))),
    keptWhole: named([...roots].filter((name) => !leaves.has(name))),
  };
}

/** Whisper's output matrix, which no file has: it is the embedding. */
const whisperHead = "proj_out";

/** The first layer of a model that hears and writes. */
export function isSound({ name }: Pick<TensorPlan, "name">): boolean {
  return name === "model.encoder.conv1.weight";
}

/** Blocks themselves are not named as a whole, since some loaders search for the name: `layers.1` is in `layers.10`, too. */
const inBlocks = /^(?:(?:language_)?model\.|gpt_neox\.|decoder\.)*layers\b/;

/** The modules that a module lies in, the outermost first: `model`, `model.layers`, … */
function ancestorsOf(name: string): string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
}

/**
 * What transformers calls a module of the file, where it is not the same.
 * Source: transformers 5 `conversion_mapping.py`; transformers 4 `_checkpoint_conversion_mapping` of the models.
 *
 * @param hasTower whether there is a part for pictures or sound: the language model is then one part of several
 */
function loadedNames(name: string, hasTower: boolean): string[] {
  if (name.startsWith("language_model.model.")) return [name.replace("language_model.model.", "model.language_model.")];
  if (!/^(?:model|gpt_neox)\./.test(name)) return [`model.${name}`];
  if (hasTower && name.startsWith("model.layers.")) return [name.replace("model.", "model.language_model.")];
  // Transformers 5 has one name for the MLP of all families; routers are linear layers only in Phi-3.5-MoE, which calls them so.
  return name.includes(".block_sparse_moe.")
    ? [name.replace(/\.block_sparse_moe\.(gate$)?/, (_, router?: string) => (router ? ".mlp.router" : ".mlp."))]
    : [];
}

/** For loaders that take the name of a module for all that lies in it. */
export function allKept({ kept, keptWhole }: Pick<ModuleNames, "kept" | "keptWhole">): readonly string[] {
  return [...kept, ...keptWhole];
}

/** A regular expression that is nothing but this name. */
export function literally(name: string): string {
  return name.replaceAll(".", "\\.");
}
