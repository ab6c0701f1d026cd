import type { Diagnostic } from "../core/errors";
import type { Checkpoint, FormatId, MetadataEntry, MetadataValue } from "../core/tensor/checkpoint";
import { countValues } from "../core/tensor/tensorInfo";
import { bitsPerWeight } from "./snapshot";

/** Value of a metadata key as JSON has it: integers beyond 2^53 are decimal text. */
export type JsonScalar = string | number | boolean | null;

export interface InspectReport {
  format: FormatId;
  /** Bytes are the files' own sizes. */
  files: { path: string; bytes: number }[];
  parameters: number;
  /** Of all tensors. */
  bytes: number;
  bitsPerWeight: number;
  /** Null when the checkpoint does not say. */
  architecture: string | null;
  /** `file` is an index into `files`, `offset` counts from the start of that file. */
  tensors: { name: string; dtype: string; shape: number[]; parameters: number; bytes: number; file: number; offset: number }[];
  /** Of arrays `value` has the first {@link arrayPreview} elements, and `length` says how many there are. */
  metadata: { key: string; type: string; value: JsonScalar | JsonScalar[]; length?: number }[];
  warnings: Diagnostic[];
}

/** Elements of an array that a report carries. */
export const arrayPreview = 64;

/** Everything a checkpoint's headers say. */
export async function inspectReport(checkpoint: Checkpoint): Promise<InspectReport> {
  const tensors = checkpoint.tensors.map(({ name, dtype, shape, bytes, file, offset }) => {
    return { name, dtype, shape: [...shape], parameters: countValues(shape), bytes, file, offset };
  });
  const parameters = tensors.reduce((sum, tensor) => sum + tensor.parameters, 0);
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  return {
    format: checkpoint.format,
    files: checkpoint.files.map(({ name, bytes: size, file }) => ({ path: file?.ref.kind === "path" ? file.ref.path : name, bytes: size })),
    parameters,
    bytes,
    bitsPerWeight: bitsPerWeight(bytes, parameters),
    architecture: checkpoint.architecture ?? null,
    tensors,
    metadata: await Promise.all(checkpoint.metadata.map(metadataRow)),
    warnings: [...checkpoint.warnings],
  };
}

async function metadataRow(entry: MetadataEntry): Promise<InspectReport["metadata"][number]> {
  const { key, type, length } = entry;
  if (!entry.read) return { key, type, value: entry.value === undefined ? null : jsonScalar(entry.value) };
  return { key, type, value: (await entry.read(0, arrayPreview)).map(jsonScalar), length };
}

function jsonScalar(value: MetadataValue): JsonScalar {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
