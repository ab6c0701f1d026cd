import { unavailability } from "../core/tensor/availability";
import type { Checkpoint, FormatId } from "../core/tensor/checkpoint";
import { modelPart } from "../core/tensor/modelPart";
import { countValues, type PackedWeight } from "../core/tensor/tensorInfo";
import type { CheckpointSnapshot, ModelPart, PackedFacts, TensorRow } from "../protocol/editor";
import { whyUnreadable } from "./tensorPlan";

/** Order of the composition bar. */
const parts: readonly ModelPart[] = ["embeddings", "attention", "mlp", "output", "norms", "other"];

/** Everything an editor shows before a scan. */
export function checkpointSnapshot(checkpoint: Checkpoint): CheckpointSnapshot {
  const tensors = checkpoint.tensors.map((info): TensorRow => {
    const { name, dtype, shape, bytes, file, offset } = info;
    const decodable = whyUnreadable(checkpoint, info) === undefined;
    const unavailable = unavailability(checkpoint, info);
    return {
      ...{ name, dtype, shape: [...shape], parameters: countValues(shape), bytes, file, offset, part: modelPart(name), decodable },
      ...(unavailable ? { unavailable } : {}),
      ...(info.packed ? { packed: packedFacts(info.packed) } : {}),
    };
  });
  const parameters = sum(tensors, (row) => row.parameters);
  const bytes = sum(tensors, (row) => row.bytes);
  return {
    name: checkpoint.name,
    formatLabel: formatLabel(checkpoint),
    ...(checkpoint.format === "imatrix" ? { isImportance: true } : {}),
    architecture: checkpoint.architecture,
    parameters,
    bytes,
    bitsPerWeight: bitsPerWeight(bytes, parameters),
    dtypes: [...grouped(tensors, (row) => row.dtype)]
      .map(([dtype, rows]) => ({ dtype, parameters: sum(rows, (row) => row.parameters), bytes: sum(rows, (row) => row.bytes) }))
      .sort((a, b) => b.parameters - a.parameters),
    composition: composition(tensors),
    files: checkpoint.files.map(({ name, bytes: size, file }) => ({ name, bytes: size, readable: file !== undefined })),
    tensors,
    ...(checkpoint.stored ? { stored: checkpoint.tensors === checkpoint.stored } : {}),
    metadataCount: checkpoint.metadata.length,
    warnings: [...checkpoint.warnings],
  };
}

function packedFacts({ method, bits, groupSize, notes }: PackedWeight): PackedFacts {
  return { method, bits, groupSize, notes: [...notes] };
}

/** What a checkpoint really stores for one weight, scales included; 0 without weights. */
export function bitsPerWeight(bytes: number, parameters: number): number {
  return parameters > 0 ? (8 * bytes) / parameters : 0;
}

/** Formats as users call them. */
const labels: Readonly<Record<FormatId, string>> = {
  safetensors: "safetensors",
  gguf: "GGUF",
  torch: "PyTorch",
  numpy: "NumPy",
  onnx: "ONNX",
  hdf5: "HDF5",
  keras: "Keras",
  tflite: "TensorFlow Lite",
  imatrix: "imatrix",
};

function formatLabel({ format, formatVersion }: Checkpoint): string {
  return formatVersion === undefined ? labels[format] : `${labels[format]} v${formatVersion}`;
}

function composition(tensors: readonly TensorRow[]): CheckpointSnapshot["composition"] {
  const byPart = grouped(tensors, (row) => row.part);
  return parts.flatMap((part) => {
    const rows = byPart.get(part);
    return rows ? [{ part, parameters: sum(rows, (row) => row.parameters) }] : [];
  });
}

function grouped<K>(rows: readonly TensorRow[], key: (row: TensorRow) => K): Map<K, TensorRow[]> {
  const groups = new Map<K, TensorRow[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

function sum(rows: readonly TensorRow[], figure: (row: TensorRow) => number): number {
  return rows.reduce((total, row) => total + figure(row), 0);
}
