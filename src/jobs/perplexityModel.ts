import type { SourceModel } from "../core/convert/sourceModel";
import { UsageError } from "../core/errors";
import { describeModel } from "../core/model/describe";
import type { ModelDescription } from "../core/model/modelDescription";
import { describeOnnx, type OnnxDescription } from "../core/model/onnx/onnxDescription";
import { findScheme, requiresImportance } from "../core/quant/registry";
import { findFileType, type FileType } from "../core/recipe/fileTypes";
import { planGguf } from "../core/recipe/preflight";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { countValues, valueDType } from "../core/tensor/tensorInfo";
import { linearsOf } from "./calibrated/stages";
import { type ImportanceMatrix, importanceOf } from "./importanceMatrix";
import type { TypeInMemory, TypesInMemory } from "./model/modelWeights";
import { storingScheme } from "./storingScheme";
import { usedScheme } from "./usedScheme";

/** A model that can be run on a text: by our own forward pass, or by ONNX Runtime. */
export type PerplexityModel = ForwardModel | OnnxModel;

interface MeasurableModel {
  readonly checkpoint: Checkpoint;
  /** Of the tensors' data, as stored. */
  readonly bytes: number;
}

/** A checkpoint as it is, or with tensors that are quantized in memory. */
export interface ForwardModel extends MeasurableModel {
  readonly description: ModelDescription;
  readonly bitsPerWeight: number;
  readonly types?: TypesInMemory;
}

/** An ONNX file as it is. */
export interface OnnxModel extends MeasurableModel {
  readonly description: OnnxDescription;
  /** Absent where bytes may be several weights each: only the graph knows. */
  readonly bitsPerWeight?: number;
}

/** True for a model that ONNX Runtime runs, and not our own forward pass. */
export const isOnnxModel = (model: PerplexityModel): model is OnnxModel => model.checkpoint.format === "onnx";

/** A checkpoint as its files are. @throws FormatError for models that cannot be run */
export async function storedModel(checkpoint: Checkpoint): Promise<PerplexityModel> {
  const bytes = checkpoint.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const size = sizeOf(checkpoint, bytes);
  if (checkpoint.format !== "onnx") return { checkpoint, description: await describeModel(checkpoint), ...size };
  const isPacked = checkpoint.tensors.some(({ dtype }) => dtype === "U8");
  return { checkpoint, description: await describeOnnx(checkpoint), ...(isPacked ? { bytes } : size) };
}

/**
 * A checkpoint with the values that it would have in another type, without a file of it. A name of llama-quantize's, such as `Q4_K_M`,
 * gives each tensor the type that it has in such a file; any other scheme is for linear layers, as loaders have them: embeddings and
 * the output matrix stay.
 *
 * @param model the checkpoint as GGUF, for file types
 * @param matrix for quantizers that use importance
 * @throws UsageError `unknown-type`, `importance-required`, `onnx-as-is`
 */
export function quantizedModel(
  stored: PerplexityModel,
  model: SourceModel | undefined,
  type: string,
  matrix?: ImportanceMatrix,
): ForwardModel {
  if (isOnnxModel(stored)) {
    throw new UsageError("onnx-as-is", "An ONNX model is measured as it is: its weights are ONNX Runtime's", {
      found: type,
      hint: "Compare it with the checkpoint that it was exported from.",
    });
  }
  const fileType = findFileType(type);
  if (!fileType) return asScheme(stored, type, matrix);
  if (!model) throw new RangeError(`${type} is a file type: the checkpoint has to be known as GGUF`);
  return asFileType(stored, model, fileType, matrix);
}

function asFileType(stored: ForwardModel, model: SourceModel, fileType: FileType, matrix: ImportanceMatrix | undefined): ForwardModel {
  if (fileType.needsImportance && !matrix) throw importanceRequired(fileType.name);
  const plan = planGguf(model, "", { fileType, importance: matrix !== undefined });
  const infos = new Map(stored.checkpoint.tensors.map((info) => [info.name, info]));
  const types = new Map<string, TypeInMemory>();
  plan.tensors.forEach(({ name, type, bytes: _, shape }, i) => {
    const info = infos.get(model.tensors[i]!.origin ?? "");
    if (!info || type === valueDType(info) || type === "F32") return;
    // llama-quantize has no weights for the embedding's columns.
    const weights = name === "token_embd.weight" ? undefined : matrix?.byGgufName(name);
    const scheme = storingScheme(type);
    if (scheme.needsImportance && !weights) throw importanceRequired(type, info.name);
    types.set(info.name, { scheme: scheme.id, ...fittingWeights(weights, shape) });
  });
  const bytes = plan.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  return { ...stored, types, bytes, bitsPerWeight: plan.bitsPerWeight };
}

function asScheme(stored: ForwardModel, id: string, matrix: ImportanceMatrix | undefined): ForwardModel {
  const { checkpoint, description } = stored;
  const asked = findScheme(id);
  const weightsOf = matrix && importanceOf(matrix, checkpoint);
  const linears = new Set(description.layers.flatMap(linearsOf).map(({ tensor }) => tensor));
  const types = new Map<string, TypeInMemory>();
  let bytes = 0;
  for (const info of checkpoint.tensors) {
    if (!linears.has(info.name)) {
      bytes += info.bytes;
      continue;
    }
    const { used } = usedScheme(asked, info.shape);
    const weights = weightsOf?.(info);
    if (requiresImportance(used) && !weights) throw importanceRequired(used.id, info.name);
    types.set(info.name, { scheme: used.id, ...fittingWeights(weights, info.shape) });
    bytes += used.bytes(info.shape);
  }
  return { ...stored, types, ...sizeOf(checkpoint, bytes) };
}

function sizeOf({ tensors }: Checkpoint, bytes: number): { bytes: number; bitsPerWeight: number } {
  const weights = tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
  return { bytes, bitsPerWeight: weights > 0 ? (8 * bytes) / weights : 0 };
}

/** @throws UsageError `bad-importance` for weights of another model */
function fittingWeights(weights: Float32Array | undefined, shape: readonly number[]): Pick<TypeInMemory, "importance"> {
  if (!weights) return {};
  const columns = shape[shape.length - 1] ?? 1;
  if (weights.length === columns) return { importance: weights };
  throw new UsageError("bad-importance", "The importance matrix does not fit the model", {
    expected: `${columns} weights`,
    found: String(weights.length),
    hint: "It was made for another model.",
  });
}

function importanceRequired(type: string, tensor?: string): UsageError {
  return new UsageError("importance-required", `${type} needs an importance matrix`, {
    ...(tensor === undefined ? {} : { tensor }),
    hint: "Give one, as llama-imatrix writes it.",
  });
}
