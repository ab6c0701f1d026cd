import { UsageError } from "../errors";
import { limits } from "../limits";
import type { SourceModel, SourceTensor } from "../convert/sourceModel";
import type { FileLayout } from "../formats/fileLayout";
import { layOutGguf, tensorBytes } from "../formats/gguf/writer/header";
import { type KeyValue, keyValue, withKeys } from "../formats/gguf/writer/keyValue";
import { type GgufPart, splitGguf } from "../formats/gguf/writer/split";
import { findDType } from "../tensor/dtype";
import { countValues } from "../tensor/tensorInfo";
import type { FileType } from "./fileTypes";
import type { Reason } from "./reasons";
import { assignTypes, type RecipeOptions } from "./recipe";

/** What becomes of one tensor. */
export interface TensorPlan {
  readonly name: string;
  readonly shape: readonly number[];
  /** Type in the input. */
  readonly from: string;
  /** ggml type in the output. */
  readonly type: string;
  /** In the output, without padding. */
  readonly bytes: number;
  /** The rule that decided. */
  readonly reason: Reason;
  /** The type the recipe wanted, where the rows do not divide into its blocks; and how many bytes larger this makes the tensor. */
  readonly fallback?: { readonly wanted: string; readonly extraBytes: number };
  readonly source: SourceTensor["source"];
  /** Stored in several tensors. */
  readonly split?: SplitPlan;
}

/** A matrix that is stored in several tensors. */
export interface SplitPlan {
  readonly scheme: string;
  /** Where each of its parts begins in the file. */
  readonly at: readonly number[];
  /** The type the model is loaded in. */
  readonly dtype: string;
}

/** A file of the output: what it begins with and where its tensors go. */
export interface FilePlan {
  readonly name: string;
  readonly layout: FileLayout;
  readonly tensors: readonly TensorPlan[];
}

/** All that will be written, to the byte, before anything is. */
export interface WritePlan {
  readonly files: readonly FilePlan[];
  readonly tensors: readonly TensorPlan[];
  /** Small files that belong to them, written as they are. */
  readonly sidecars?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Of all files together. */
  readonly bytes: number;
  /** Of the tensors' data alone. */
  readonly bitsPerWeight: number;
}

export interface PlanOptions extends RecipeOptions {
  readonly fileType: FileType;
  /** Whether an importance matrix is at hand: some rules then spend fewer bits. */
  readonly importance?: boolean;
  /** Keys added to the model's own, such as where the importance matrix came from. */
  readonly keyValues?: readonly KeyValue[];
  /** Bytes of tensor data in one file; absent for one file. */
  readonly splitBytes?: number;
}

/** `GGML_QNT_VERSION`: block layouts have not changed since. */
const quantizationVersion = 2;

/**
 * What writing a model as GGUF makes of each of its tensors, and the exact size of the result.
 *
 * @param name of the output file
 * @throws FormatError `gguf.cannot-store`; UsageError `too-many-files`
 */
export function planGguf(model: SourceModel, name: string, options: PlanOptions): WritePlan {
  const { fileType, importance = false, splitBytes } = options;
  const keyValues = withKeys(model.keyValues, [
    keyValue("general.quantization_version", "u32", quantizationVersion),
    keyValue("general.file_type", "u32", fileType.id),
    ...(options.keyValues ?? []),
  ]);
  const choices = assignTypes(model.tensors, fileType, { ...model.recipe, importance }, options);
  const tensors = model.tensors.map((tensor, i): TensorPlan => {
    const { type, rule, wanted } = choices[i]!;
    const { name: tensorName, shape, from, source } = tensor;
    const bytes = tensorBytes({ name: tensorName, shape, type });
    const extra = wanted === undefined ? undefined : { wanted, extraBytes: bytes - nominalBytes(wanted, shape) };
    return { name: tensorName, shape, from, type, bytes, reason: rule, source, ...(extra ? { fallback: extra } : {}) };
  });
  const parts: GgufPart<TensorPlan>[] = splitGguf(name, keyValues, tensors, model.alignment, splitBytes);
  if (parts.length > limits.shards) throw tooManyFiles(parts.length);
  const files = parts.map((part) => ({
    name: part.name,
    layout: layOutGguf(part.keyValues, part.tensors, model.alignment),
    tensors: part.tensors,
  }));
  const values = tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
  const data = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    files,
    tensors,
    bytes: files.reduce((sum, { layout }) => sum + layout.bytes, 0),
    bitsPerWeight: values > 0 ? (8 * data) / values : 0,
  };
}

/** What a tensor would take if its rows divided into the type's blocks. */
function nominalBytes(type: string, shape: readonly number[]): number {
  const dtype = findDType(type);
  return dtype ? Math.round((countValues(shape) / dtype.blockSize) * dtype.blockBytes) : 0;
}

function tooManyFiles(count: number): UsageError {
  return new UsageError("too-many-files", `The output would be split into ${count} files`, {
    expected: `at most ${limits.shards}`,
    found: String(count),
    hint: "Allow larger files.",
  });
}
