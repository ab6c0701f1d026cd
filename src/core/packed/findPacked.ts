import { FormatError } from "../errors";
import type { Folder } from "../file";
import type { PartRef } from "../fileRef";
import { DiagnosticList } from "../formats/diagnosticList";
import { readSidecarText } from "../formats/sidecar";
import { isRecord, type JsonRecord } from "../jsonRecord";
import { unavailability } from "../tensor/availability";
import type { Checkpoint } from "../tensor/checkpoint";
import { findDType } from "../tensor/dtype";
import { matrixShape, type TensorInfo } from "../tensor/tensorInfo";
import type { FoundWeight, PackingContext } from "./method";
import { packingMethods } from "./registry";

/** Files that libraries write beside the weights when their config.json says nothing. */
const configFiles = ["quantize_config.json", "quant_config.json"];

/**
 * The checkpoint with one tensor for every packed weight, whose values are those it stands for. Its stored tensors stay
 * reachable as `stored`. A checkpoint without packed weights comes back as it is.
 */
export async function findPacked(checkpoint: Checkpoint, folder: Folder): Promise<Checkpoint> {
  const marked = packingMethods.map(({ marks }) => checkpoint.tensors.filter(({ name }) => marks.test(name)));
  if (marked.every((tensors) => tensors.length === 0)) return checkpoint;
  const diagnostics = new DiagnosticList();
  const context = contextOf(checkpoint, await quantizationConfig(checkpoint, folder, diagnostics), diagnostics);
  const taken = new Map<string, TensorInfo | undefined>();
  for (const [place, method] of packingMethods.entries()) {
    const free = marked[place]!.filter(({ name }) => !taken.has(name));
    for (const found of free.length > 0 ? await method.find(free, context) : []) take(found, checkpoint, taken);
  }
  if (taken.size === 0) return checkpoint;
  const tensors = checkpoint.tensors.flatMap((tensor) => (taken.has(tensor.name) ? (taken.get(tensor.name) ?? []) : tensor));
  return { ...checkpoint, tensors, stored: checkpoint.tensors, warnings: [...checkpoint.warnings, ...diagnostics.result()] };
}

/** Puts the weight in the place of its first part, unless one of its parts belongs to another. */
function take(found: FoundWeight, checkpoint: Checkpoint, taken: Map<string, TensorInfo | undefined>): void {
  const belonging = [...found.parts, ...(found.others ?? [])];
  if (belonging.some(({ name }) => taken.has(name))) return;
  const parts = found.parts.map((part) => partRef(checkpoint, part));
  const first = found.parts[0]!;
  const extents = belonging.map(({ file, offset, bytes }) => ({ file, offset, bytes }));
  const stored = checkpoint.tensors.filter(({ name }) => belonging.some((part) => part.name === name));
  for (const { name } of belonging) taken.set(name, undefined);
  const { method, bits, groupSize, notes, layout } = found;
  taken.set(first.name, {
    name: found.name,
    dtype: found.dtype,
    shape: found.shape,
    file: first.file,
    offset: first.offset,
    bytes: extents.reduce((sum, { bytes: part }) => sum + part, 0),
    extents,
    packed: { method, bits, groupSize, notes, parts: stored },
    // Without one of its files it is listed, and `extents` says why its values cannot be read.
    ...(parts.every((part) => part !== undefined) ? { source: { dtype: "F32", ref: { kind: "packed", layout, parts }, offset: 0 } } : {}),
  });
}

function partRef(checkpoint: Checkpoint, tensor: TensorInfo): PartRef | undefined {
  const source = tensor.source?.ref ?? checkpoint.files[tensor.file]?.file?.ref;
  if (!source || findDType(tensor.source?.dtype ?? tensor.dtype) === undefined) return undefined;
  return {
    source,
    offset: tensor.source?.offset ?? tensor.offset,
    dtype: tensor.source?.dtype ?? tensor.dtype,
    ...matrixShape(tensor.shape),
  };
}

function contextOf(checkpoint: Checkpoint, config: Readonly<Record<string, unknown>>, diagnostics: DiagnosticList): PackingContext {
  const tensors = new Map(checkpoint.tensors.map((tensor) => [tensor.name, tensor]));
  const metadata = new Map(checkpoint.metadata.map((entry) => [entry.key, entry.value]));
  const bytes = async (tensor: TensorInfo, start: number, count: number): Promise<Uint8Array | undefined> => {
    const file = checkpoint.files[tensor.file]?.file;
    if (!file || tensor.source || start + count > tensor.bytes || unavailability(checkpoint, tensor) !== undefined) return undefined;
    const target = new Uint8Array(count);
    await file.read(tensor.offset + start, target);
    return target;
  };
  return {
    tensors,
    config,
    diagnostics,
    bytes,
    text(key) {
      const value = metadata.get(key);
      return typeof value === "string" ? value : undefined;
    },
    async scalar(key) {
      const value = metadata.get(key);
      if (typeof value === "number" || typeof value === "bigint") return Number(value);
      const tensor = tensors.get(key);
      if (!tensor || tensor.bytes > 8) return undefined;
      const stored = await bytes(tensor, 0, tensor.bytes);
      if (!stored) return undefined;
      if (tensor.dtype === "I64" && stored.length === 8) return Number(new BigInt64Array(stored.buffer)[0]);
      if (tensor.dtype === "I32" && stored.length === 4) return new Int32Array(stored.buffer)[0];
      return tensor.dtype === "U8" && stored.length === 1 ? stored[0] : undefined;
    },
  };
}

async function quantizationConfig(checkpoint: Checkpoint, folder: Folder, diagnostics: DiagnosticList): Promise<JsonRecord> {
  const inModel = checkpoint.config?.["quantization_config"];
  if (isRecord(inModel)) return inModel;
  for (const name of configFiles) {
    if (!(await folder.exists(name))) continue;
    const parsed = await readJson(folder, name, diagnostics);
    if (isRecord(parsed)) return parsed;
  }
  return {};
}

async function readJson(folder: Folder, name: string, diagnostics: DiagnosticList): Promise<unknown> {
  try {
    const file = await folder.open(name);
    try {
      return JSON.parse(await readSidecarText(file));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof FormatError) diagnostics.push(error.toDiagnostic("warning"));
    else if (error instanceof SyntaxError)
      diagnostics.add("warning", "config.bad-json", `${name} is not valid JSON`, {
        file: name,
        expected: "a JSON object",
        found: error.message.slice(0, 200),
        hint: "Download the file again.",
      });
    else throw error;
    return undefined;
  }
}
