import type { SourceModel } from "../../core/convert/sourceModel";
import { UsageError } from "../../core/errors";
import { ggmlTypeId } from "../../core/formats/gguf/ggmlTypes";
import { findLoaderFormat, loaderFormats } from "../../core/export/loaderFormats";
import { fileTypes, findFileType } from "../../core/recipe/fileTypes";
import { overrideOf, parseOverride, storedType } from "../../core/recipe/overrides";
import type { TypeOverride } from "../../core/recipe/recipe";
import { huggingFaceName } from "../../core/recipe/tensorNames";
import { findDType } from "../../core/tensor/dtype";
import { type Calibration, layerMethods } from "../../jobs/calibrated/calibration";
import type { ImportanceMatrix } from "../../jobs/importanceMatrix";
import type { WriteRequest } from "../../jobs/prepareWrite";
import type { WriteFormat } from "../../jobs/writeFormat";
import type { TextChoice } from "../text/textChoice";

/** How a file type is taken: by the rules of llama.cpp, or one type for all weight matrices. */
export type Scope = "recipe" | "pure" | "keepEnds" | "overrides";

/** What is chosen to write: a file type or scheme; or a size, for which types are found; or what another page found. */
export type ChosenType =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "size" }
  | { readonly kind: "preset"; readonly name: string; readonly pure: boolean; readonly keep: readonly string[] };

/** Methods that run the model on a text. */
export type CalibratedMethod = Calibration["method"];
export const calibratedMethods: readonly CalibratedMethod[] = layerMethods.filter((method) => method !== "rtn");

/** Everything the steps ask, as far as it was answered. */
export interface QuantizeChoices {
  format?: WriteFormat;
  type?: ChosenType;
  /** Bytes that the file may take. */
  targetSize?: number;
  matrix?: ImportanceMatrix;
  /** Absent for layers that are quantized by their values, with an importance matrix or without. */
  method?: CalibratedMethod;
  /** What the model is run on for the method; the sample text when absent. */
  text?: TextChoice;
  scope?: Scope;
  /** Lines of `PATTERN=TYPE`, separated by spaces or commas. */
  overrides?: string;
  /** A folder with configuration and tokenizer, or the weights alone. */
  layout?: "folder" | "file";
  /** Path. */
  out?: string;
}

export type QuantizeStep = "format" | "type" | "size" | "method" | "text" | "scope" | "overrides" | "layout" | "destination";

/** The questions that make sense after what was chosen, in their order. */
export function stepsOf({ format, type, method, scope }: QuantizeChoices): QuantizeStep[] {
  const how: readonly QuantizeStep[] = method === undefined ? ["method"] : ["method", "text"];
  if (format === "safetensors") return ["format", "type", "layout", "destination"];
  if (isFolderFormat(format)) return ["format", "type", ...(hasIntegers(format) ? how : []), "destination"];
  if (type?.kind === "size") return ["format", "type", "size", ...how, "destination"];
  const isQuantized = type === undefined || findDType(findFileType(type.name)?.base ?? "")?.family === "block";
  if (!isQuantized) return ["format", "type", "destination"];
  if (type?.kind === "preset") return ["format", "type", ...how, "destination"];
  return ["format", "type", ...how, "scope", ...(scope === "overrides" ? (["overrides"] as const) : []), "destination"];
}

/** Whether a format has types that methods with calibration make. */
function hasIntegers(format: WriteFormat | undefined): boolean {
  const loader = findLoaderFormat(format ?? "gguf");
  return loader?.types.some((type) => loader.target(type).scheme?.form !== undefined) === true;
}

/** Formats of whole folders, which say in the configuration how weights are stored. */
function isFolderFormat(format: WriteFormat | undefined): boolean {
  return format !== undefined && format !== "safetensors" && findLoaderFormat(format) !== undefined;
}

/** Whether a folder is written, not one file. */
export function writesFolder({ format, layout }: QuantizeChoices): boolean {
  return isFolderFormat(format) || (format === "safetensors" && layout === "folder");
}

/** What a caller of the command knows already. */
export interface QuantizePreset {
  readonly format?: WriteFormat;
  readonly type?: ChosenType & { kind: "preset" };
  readonly method?: CalibratedMethod;
  readonly text?: TextChoice;
  /** Path: nothing is asked then. */
  readonly out?: string;
}

/**
 * A type of the Errors page as a file type: that whose every matrix gets it. Undefined for a type that no file can be written
 * in.
 *
 * @param type a file type, a ggml type, or a type of another format
 * @param keep names of tensors that get 8 bits instead; in other formats than GGUF they are not quantized
 */
export function presetOf(type: string, keep: readonly string[]): Pick<QuantizePreset, "format" | "type"> | undefined {
  const upper = type.toUpperCase();
  const based = fileTypes.filter(({ base }) => base === upper);
  const found = based.find(({ name }) => name === upper) ?? based.at(-1);
  if (found) return { type: { kind: "preset", name: found.name, pure: true, keep } };
  const mixture = findFileType(upper);
  if (mixture) return { type: { kind: "preset", name: mixture.name, pure: false, keep } };
  for (const { id, types } of loaderFormats) {
    const name = types.find((known) => known.toUpperCase() === upper);
    if (name !== undefined) return { format: id, type: { kind: "preset", name, pure: false, keep } };
  }
  return undefined;
}

/** What kept tensors get. */
const keptAs = "Q8_0";

/** All that was chosen, as the jobs take it. @throws UsageError `bad-override`, `usage` */
export function requestOf(choices: QuantizeChoices, model: SourceModel | undefined): WriteRequest {
  const { format: to, type, targetSize, matrix, scope, out } = choices;
  if (to === undefined || type === undefined || out === undefined) throw new UsageError("usage", "Not everything was chosen.");
  const steps = stepsOf(choices);
  const method = steps.includes("text") ? choices.method : undefined;
  const how = method === undefined ? {} : { method };
  if (findLoaderFormat(to)) {
    const kept = type.kind === "preset" ? type.keep : [];
    // Tensors of a GGUF file get the names of Hugging Face.
    const overrides = kept.map((name) => overrideOf(huggingFaceName(name, model?.architecture) ?? name, storedType));
    return { to, type: type.kind === "size" ? undefined : type.name, out, ...how, overrides };
  }
  const shared = { to, out, ...how, ...(matrix && steps.includes("method") ? { matrix } : {}) };
  if (type.kind === "size") return { ...shared, targetSize };
  if (type.kind === "preset") return { ...shared, type: type.name, pure: type.pure, overrides: keptOverrides(type.keep, model) };
  if (!steps.includes("scope")) return { ...shared, type: type.name };
  return {
    ...shared,
    type: type.name,
    pure: scope === "pure",
    overrides: scope === "overrides" ? overridesOf(choices.overrides ?? "") : scope === "keepEnds" ? endOverrides(model) : [],
  };
}

/** @throws UsageError `bad-override` */
export function overridesOf(text: string): TypeOverride[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseOverride);
}

/** Tensors of the checkpoint, by the names they get. */
function keptOverrides(keep: readonly string[], model: SourceModel | undefined): TypeOverride[] {
  const kept = new Set(keep);
  const found = model?.tensors.filter(({ name, origin }) => kept.has(origin ?? name)) ?? [];
  return found.map(({ name }) => overrideOf(name, keptAs));
}

/** Tensors to keep that have no place of their own in the output, such as experts that are stored as one. */
export function lostKept({ format, type }: QuantizeChoices, model: SourceModel | undefined): number {
  if (type?.kind !== "preset" || findLoaderFormat(format ?? "gguf")) return 0;
  const there = new Set(model?.tensors.map(({ name, origin }) => origin ?? name));
  return type.keep.filter((name) => !there.has(name)).length;
}

/** Token embedding and output matrix in the type they have. */
function endOverrides(model: SourceModel | undefined): TypeOverride[] {
  const ends = model?.tensors.filter(({ name }) => name === "token_embd.weight" || name === "output.weight") ?? [];
  return ends.map(({ name, from }) => overrideOf(name, ggmlTypeId(from) === undefined ? "F16" : from));
}

/** The name that is offered for the output: `model-Q4_K_M.gguf`. */
export function outputName(checkpoint: string, choices: QuantizeChoices): string {
  const { format, type } = choices;
  const stem = checkpoint.replace(
    /(\.safetensors|\.bin)?\.index\.json$|\.(safetensors|gguf|pt|pth|bin|ckpt|npz|npy|onnx|tflite|h5|hdf5|keras)$/i,
    "",
  );
  const name = `${stem}-${type === undefined || type.kind === "size" ? "fit" : type.name}`;
  if (isFolderFormat(format)) return `${stem}-${format}${name.slice(stem.length)}`;
  if (format !== "safetensors") return `${name}.gguf`;
  return writesFolder(choices) ? name : `${name}.safetensors`;
}
