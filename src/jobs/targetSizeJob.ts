import type { SourceModel } from "../core/convert/sourceModel";
import { alignUp } from "../core/formats/gguf/alignment";
import { tensorBytes } from "../core/formats/gguf/writer/header";
import { findFileType, type FileType } from "../core/recipe/fileTypes";
import { planGguf, type PlanOptions } from "../core/recipe/preflight";
import { isQuantizable } from "../core/recipe/recipe";
import { fitToBudget, type SizedTensorOptions } from "../core/recipe/targetSize";
import { storableType } from "../core/quant/ggml/fallback";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { countValues, matrixShape } from "../core/tensor/tensorInfo";
import type { JobContext } from "./contract";
import { measureErrors } from "./errorsJob";
import type { WorkerPool } from "./workerPool";

/** Types a tensor can get: those that stand on the front of error against size for nearly all weights. */
const candidates = ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_0", "F16"];
/** `general.file_type` of a file in which most weights have that type. */
const labels: Readonly<Record<string, string>> = { Q3_K: "Q3_K_M", Q4_K: "Q4_K_M", Q5_K: "Q5_K_M" };

export interface TargetSizeInput {
  checkpoint: Checkpoint;
  model: SourceModel;
  /** Bytes the whole output may take. */
  bytes: number;
  /** Of the output, whose header counts. */
  name: string;
  options: Omit<PlanOptions, "fileType">;
}

/** Types for every weight matrix, and the file type that names what most of them have. */
export interface FittedTypes {
  fileType: FileType;
  assigned: ReadonlyMap<string, string>;
}

/**
 * Measures what each type does to each tensor, and chooses the types with the least pooled squared error of which the
 * whole file is no larger than asked for.
 *
 * @throws UsageError `target-too-small`
 */
export async function fitToSize(pool: WorkerPool, input: TargetSizeInput, context: JobContext): Promise<FittedTypes> {
  const { checkpoint, model, bytes, name, options } = input;
  const chosen = model.tensors.filter((tensor) => isQuantizable(tensor) && tensor.origin !== undefined);
  const origins = new Set(chosen.map(({ origin }) => origin));
  const indices = checkpoint.tensors.flatMap((tensor, index) => (origins.has(tensor.name) ? [index] : []));
  const report = await measureErrors(pool, { checkpoint, tensors: indices, types: candidates }, context);
  const figures = new Map(report.tensors.map((tensor) => [tensor.name, tensor.types]));
  const padded = (tensor: { name: string; shape: readonly number[]; type: string }): number =>
    alignUp(tensorBytes(tensor), model.alignment);
  const tensors = chosen.map(({ name: tensor, shape, origin }): SizedTensorOptions => {
    const values = countValues(shape);
    const measured = figures.get(origin!) ?? {};
    const types = Object.entries(measured).map(([id, { rmse }]) => {
      const type = storableType(id.toUpperCase(), matrixShape(shape).columns);
      return { type, bytes: padded({ name: tensor, shape, type }), squaredError: (rmse ?? 0) ** 2 * values };
    });
    const plain = { type: "F16", bytes: padded({ name: tensor, shape, type: "F16" }), squaredError: 0 };
    return { name: tensor, options: types.length > 0 ? types : [plain] };
  });
  const first = new Map(tensors.map(({ name: tensor, options: [option] }) => [tensor, option!.type]));
  const trial = planGguf(model, name, { ...options, fileType: findFileType("F16")!, assigned: first });
  const fixed = trial.bytes - tensors.reduce((sum, { options: [option] }) => sum + option!.bytes, 0);
  const assigned = fitToBudget(tensors, bytes - fixed);
  return { assigned, fileType: labelOf(tensors, assigned) };
}

function labelOf(tensors: readonly SizedTensorOptions[], assigned: ReadonlyMap<string, string>): FileType {
  const sums = new Map<string, number>();
  for (const { name, options } of tensors) {
    const type = assigned.get(name)!;
    sums.set(type, (sums.get(type) ?? 0) + options.find((option) => option.type === type)!.bytes);
  }
  const [most = "F16"] = [...sums].sort((a, b) => b[1] - a[1])[0] ?? [];
  return findFileType(labels[most] ?? most) ?? findFileType("F16")!;
}
