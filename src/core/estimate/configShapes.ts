import { UsageError } from "../errors";
import type { RandomAccessFile } from "../file";
import { readConfigFile } from "../formats/sidecar";
import { countValues } from "../tensor/tensorInfo";
import { mostParameters } from "./bounds";
import { classicFamilies, classicTensors } from "./classicTensors";
import { attentionFromConfig } from "./configAttention";
import { configFamilies } from "./configFamilies";
import { ConfigNumbers } from "./configNumbers";
import { configTensors } from "./configTensors";
import type { NamedShape } from "./namedShape";
import { headOf, withHead } from "./modelHead";
import { ownLayouts } from "./ownLayouts";
import { type ModelShapes, modelShapes } from "./modelShapes";
import { pairKinds, pairTensors } from "./pictureModels";
import { pictureTensors } from "./wrapperTensors";
import { type Config, mayLeaveOut, partsBeside, textConfig } from "./textConfig";

/** A model of which only the configuration is known. */
export interface ConfiguredModel {
  shapes: ModelShapes;
  /** Parts that the configuration names and that are not counted: an encoder of pictures or sound. */
  uncounted: string[];
}

/**
 * The shapes that a model with this config.json has: those of the weights that transformers would save for it.
 *
 * @param name shown as the basis of the estimate
 * @throws UsageError `estimate.unknown-family`, `estimate.config-incomplete`, `estimate.out-of-range`
 */
export function configuredModel(config: Config, name: string): ConfiguredModel {
  const { type, named, uncounted } = partsOf(config);
  const { dtype: own, torch_dtype: old } = textConfig(config);
  const dtype = [own, old, config.dtype, config.torch_dtype].includes("float32") ? "F32" : "BF16";
  const bytes = dtype === "F32" ? 4 : 2;
  const parameters = named.reduce((sum, { shape }) => sum + countValues(shape), 0);
  if (parameters > mostParameters)
    throw new UsageError("estimate.out-of-range", `A model of ${parameters} weights is not possible.`, { found: String(parameters) });
  const tensors = named.map((tensor) => ({
    ...tensor,
    dtype,
    file: 0,
    offset: 0,
    bytes: bytes * countValues(tensor.shape),
  }));
  const shapes = modelShapes({ format: "safetensors", name, tensors, architecture: type }, attentionFromConfig(config));
  return { shapes, uncounted };
}

/** Everything that is counted, and of what family it is; what is not. @throws what {@link configuredModel} throws */
function partsOf(config: Config): { type: string; named: NamedShape[]; uncounted: string[] } {
  const pair = pairTensors(config);
  if (pair) return { type: String(config.model_type), named: pair, uncounted: [] };
  const text = textConfig(config);
  const type = [text.model_type, config.model_type].find(isCounted);
  if (type === undefined) throw unknownFamily(config);
  // Left out, it would be taken for as many as there are heads.
  if (configFamilies.has(type) && mayLeaveOut(config)) new ConfigNumbers(text).count("num_key_value_heads");
  const named = tensorsOf(type, text, config);
  const beside = partsBeside(config);
  // What a model is besides that only wraps a language model without saying what else it has, nobody knows.
  const isBare = text !== config && beside.length === 0;
  if (named === undefined || isBare || (text !== config && ownLayouts.get(type)?.nests === false)) throw unknownFamily(config);
  const pictures = beside.includes("vision_config")
    ? pictureTensors(config, new ConfigNumbers(text).count("hidden_size", "d_model"))
    : undefined;
  const uncounted = pictures ? beside.filter((part) => part !== "vision_config") : beside;
  return { type, named: [...named, ...(pictures ?? [])], uncounted };
}

/** Whether it is a family whose weights can be counted. */
function isCounted(type: unknown): type is string {
  return typeof type === "string" && (configFamilies.has(type) || classicFamilies.has(type) || ownLayouts.has(type));
}

/** Undefined where it is not known what stands on the model. @throws UsageError `estimate.config-incomplete` */
function tensorsOf(type: string, config: Config, whole: Config): NamedShape[] | undefined {
  const numbers = new ConfigNumbers(config);
  const own = ownLayouts.get(type);
  if (own) return own.tensors(numbers, headOf(whole, own.usualHead));
  const family = configFamilies.get(type);
  if (family?.notWith?.some((key) => config[key] !== undefined && config[key] !== null)) return undefined;
  const tensors = family ? configTensors(numbers, family) : classicTensors(numbers, classicFamilies.get(type)!);
  return withHead(tensors, headOf(whole, { kind: "language" }));
}

/** The same of a config.json itself, which is closed. @throws FormatError, and what {@link configuredModel} throws */
export async function shapesFromConfigFile(file: RandomAccessFile, name: string): Promise<ConfiguredModel> {
  try {
    return configuredModel((await readConfigFile(file)).config, name);
  } finally {
    await file.close();
  }
}

function unknownFamily({ model_type: type }: Config): UsageError {
  const found = typeof type === "string" ? `"${type.slice(0, 60)}"` : "this kind";
  const hint = "Open its checkpoint instead: its own shapes are then read.";
  return new UsageError("estimate.unknown-family", `How many weights a model of ${found} has is not known from its config.json. ${hint}`, {
    found: typeof type === "string" ? type : undefined,
    expected: [...configFamilies.keys(), ...classicFamilies.keys(), ...ownLayouts.keys(), ...pairKinds].join(", "),
    hint,
  });
}
