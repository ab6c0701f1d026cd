import { UsageError } from "../errors";
import { nearestNames } from "../quant/editDistance";
import { isBesideText } from "../recipe/besideText";
import { isQuantizable } from "../recipe/recipe";
import { countValues } from "../tensor/tensorInfo";
import { ggufSize } from "./ggufSize";
import { kvCacheBytes } from "./cacheShape";
import type { ModelShapes } from "./modelShapes";
import type { EstimateNote } from "./notes";
import { publishedShapes } from "./published/publishedShapes";
import { findReference, nearestReference } from "./referenceModels";
import { everyStorageType, findStorageTypes, listedStorageTypes, type StorageType, storageTypeNames } from "./storageTypes";
import { formatGB } from "./units";
import { codeBytes, noParts, quantizedParts, sharedOut, type WeightParts } from "./weightParts";

/** What to size: a checkpoint's own shapes, a published model's, or a number of weights. */
export interface EstimateInput {
  shapes?: ModelShapes;
  /** Name of a published model, not used with `shapes`. */
  model?: string;
  /** Weights of the model; not used with `shapes` or `model`. */
  parameters?: number;
  /** Name of the reference model whose proportions to assume; the nearest in size when absent. */
  architecture?: string;
  /** Names of storage types, or every one that is listed anywhere; the usual list when absent. */
  types?: readonly string[] | "every";
  /** Tokens of context: adds the KV cache. */
  context?: number;
  /** Type of the KV cache, F16 when absent. */
  kvType?: string;
  /** Contexts that are kept at once, 1 when absent. */
  sequences?: number;
}

/** How sure a size is: the codes' width alone; the format's true bytes; or scaled from a model of similar size. */
export type EstimateKind = "nominal" | "exact" | "approximate";

/** The size of the model in one type. */
export interface EstimateRow {
  type: string;
  label: string;
  kind: EstimateKind;
  /** 8 · bytes / weights that they are of. */
  bitsPerWeight: number;
  /** Of the weights. */
  bytes: number;
  parts: WeightParts;
  /** Keys and values of the context asked for; absent without one, or where the model's attention is not known. */
  kvCacheBytes?: number;
  totalBytes: number;
  note?: EstimateNote;
}

export interface EstimateReport {
  parameters: number;
  /** Where shapes come from, in words. */
  basis: string;
  /** The model whose shapes these are: the checkpoint's own, or those of the model of similar size that stands in for it. */
  shapes: ModelShapes;
  /** Whether the shapes are a stand-in's. */
  isAssumed: boolean;
  /** Parts of a published model that are not counted. */
  uncounted: string[];
  rows: EstimateRow[];
}

/** Bytes of the weights in one type, before the KV cache. */
interface Sized {
  kind: EstimateKind;
  bytes: number;
  parts: WeightParts;
  /** Those that the bytes are of, where they are not all. */
  weights?: number;
  note?: EstimateNote;
}

/** A model the types are measured on, and how its figures become the answer's. */
interface Subject {
  shapes: ModelShapes;
  uncounted: string[];
  /** Weights, when only their number is known: `shapes` is then a stand-in. */
  asked?: number;
}

function subjectOf({ shapes, model, parameters: asked, architecture }: EstimateInput): Subject {
  if (shapes) return { shapes, uncounted: [] };
  const published = model === undefined ? undefined : publishedShapes(findReference(model));
  if (published && architecture === undefined) return published;
  const parameters = published?.shapes.parameters ?? asked;
  if (parameters === undefined || !(parameters >= 1 && Number.isFinite(parameters))) {
    throw new UsageError("estimate.no-size", "An estimate needs a number of weights or a checkpoint.", {
      hint: "For example 7B, 6.74e9, or a file.",
    });
  }
  const reference = architecture === undefined ? nearestReference(parameters) : publishedShapes(findReference(architecture)).shapes;
  return { shapes: reference, uncounted: published?.uncounted ?? [], asked: Math.round(parameters) };
}

function typesOf(names: EstimateInput["types"]): readonly StorageType[] {
  if (!names) return listedStorageTypes;
  if (names === "every") return everyStorageType;
  const types = names.flatMap((name) => {
    const found = findStorageTypes(name);
    if (found.length > 0) return found;
    const nearest = nearestNames(name, storageTypeNames).join(", ");
    const hint = nearest ? `Did you mean ${nearest}?` : `Known types: ${storageTypeNames.join(", ")}.`;
    throw new UsageError("unknown-type", `There is no type "${name}" to estimate. ${hint}`, {
      found: name,
      expected: nearest || undefined,
      hint,
    });
  });
  return types.filter((type, i) => types.findIndex(({ id }) => id === type.id) === i);
}

/** Every weight matrix in one format, all other tensors as they are. */
function matricesParts(shapes: ModelShapes, type: StorageType & { kind: "matrices" }): WeightParts {
  const sum = { ...noParts };
  for (const tensor of shapes.tensors) {
    if (isQuantizable(tensor)) {
      const { codes, scales } = quantizedParts(type.bytes(tensor.shape), (countValues(tensor.shape) * type.codeBits) / 8);
      sum.codes += codes;
      sum.scales += scales;
    } else sum.plain += tensor.storedBytes;
  }
  return sum;
}

const bytesOf = ({ codes, scales, plain }: WeightParts): number => codes + scales + plain;

const ggufSizes = new WeakMap<ModelShapes, Map<string, Sized>>();

/** Kept for each model: the recipe of a mixture looks at every tensor, and the user is typing. */
function ggufBytes(shapes: ModelShapes, type: StorageType & { kind: "gguf" }): Sized {
  const known = ggufSizes.get(shapes) ?? new Map<string, Sized>();
  ggufSizes.set(shapes, known);
  const sized = known.get(type.id) ?? computeGgufBytes(shapes, type);
  known.set(type.id, sized);
  return sized;
}

function computeGgufBytes(shapes: ModelShapes, type: StorageType & { kind: "gguf" }): Sized {
  const { fileType } = type;
  const text = shapes.tensors.filter(({ name }) => !isBesideText(name));
  const { bytes, parts, replaced } = ggufSize(text, fileType ? { fileType, model: shapes.model } : { ggml: type.id });
  const weights = text.reduce((sum, { shape }) => sum + countValues(shape), 0);
  const wider: EstimateNote | undefined = replaced > 0 ? { code: "wider", value: String(replaced) } : undefined;
  const note =
    text.length === shapes.tensors.length ? wider : { code: "beside" as const, value: formatGB(2 * (shapes.parameters - weights)) };
  return { kind: "exact", bytes, parts, weights, note };
}

/** The codes alone. */
function nominalSize(parameters: number, bits: number): Sized {
  const bytes = Math.ceil((parameters * bits) / 8);
  return { kind: "nominal", bytes, parts: { ...noParts, codes: bytes } };
}

function exactSize(shapes: ModelShapes, type: StorageType): Sized {
  if (type.kind === "nominal") return nominalSize(shapes.parameters, type.bits);
  if (type.kind === "gguf") return ggufBytes(shapes, type);
  const parts = matricesParts(shapes, type);
  return { kind: "exact", bytes: bytesOf(parts), parts, note: { code: "matrices", value: "" } };
}

/** A size from a number of weights: by the format's rate where it has one, else in proportion to the reference model. */
function sizeByCount(parameters: number, shapes: ModelShapes, type: StorageType): Sized {
  const byRate = (bits: number, codeBits: number): Pick<Sized, "kind" | "bytes" | "parts"> => {
    const bytes = Math.ceil((parameters * bits) / 8);
    return { kind: "exact", bytes, parts: quantizedParts(bytes, (parameters * codeBits) / 8) };
  };
  const inProportion = (parts: WeightParts): Sized => {
    const bytes = Math.round(bytesOf(parts) * (parameters / shapes.parameters));
    return { kind: "approximate", bytes, parts: sharedOut(parts, bytes), note: { code: "proportions", value: shapes.name } };
  };
  if (type.kind === "nominal") return nominalSize(parameters, type.bits);
  if (type.kind === "matrices") {
    return type.bitsPerWeight === undefined ? inProportion(matricesParts(shapes, type)) : byRate(type.bitsPerWeight, type.codeBits);
  }
  const file = type.fileType && inProportion(ggufBytes(shapes, type).parts);
  if (!type.dtype) return file!;
  const { blockSize, blockBytes } = type.dtype;
  const sized = byRate((8 * blockBytes) / blockSize, (8 * codeBytes(type.dtype)) / blockSize);
  const differs = file !== undefined && Math.abs(file.bytes / sized.bytes - 1) > 0.005;
  return { ...sized, ...(differs ? { note: { code: "mixture", value: formatGB(file.bytes) } } : {}) };
}

/**
 * Sizes of a model in many types, and of its KV cache. With a checkpoint's shapes every size but the nominal ones is exact
 * (tensor data; the header comes on top). With only a number of weights, mixtures follow the proportions of a published
 * model of similar size.
 *
 * @throws UsageError `unknown-type`, `estimate.no-size`, `estimate.unknown-architecture`, `estimate.out-of-range`
 */
export function estimateSize(input: EstimateInput): EstimateReport {
  const { context, kvType, sequences } = input;
  if (context !== undefined && !(Number.isSafeInteger(context) && context > 0)) {
    throw new UsageError("estimate.out-of-range", `${context} is not a possible context length.`, { found: String(context) });
  }
  const { shapes, uncounted, asked } = subjectOf(input);
  const parameters = asked ?? shapes.parameters;
  const { cache } = shapes;
  const kv = context !== undefined && cache !== undefined ? kvCacheBytes(cache, context, kvType, sequences) : undefined;
  const rows = typesOf(input.types).map((type): EstimateRow => {
    const {
      kind,
      bytes,
      parts,
      weights = parameters,
      note,
    } = asked !== undefined ? sizeByCount(asked, shapes, type) : exactSize(shapes, type);
    return {
      type: type.id,
      label: type.label,
      kind,
      bitsPerWeight: weights === 0 ? 0 : (8 * bytes) / weights,
      bytes,
      parts,
      kvCacheBytes: kv,
      totalBytes: bytes + (kv ?? 0),
      note,
    };
  });
  const basis = asked !== undefined ? `layers and attention as in ${shapes.name}` : `${shapes.name}, its own shapes`;
  return { parameters, basis, shapes, isAssumed: asked !== undefined, uncounted, rows };
}
