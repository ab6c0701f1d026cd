import type { Checkpoint } from "../../tensor/checkpoint";
import { countValues, type TensorInfo } from "../../tensor/tensorInfo";
import { DiagnosticList } from "../diagnosticList";
import { quoteName } from "../text";

const sums = ".in_sum2";

/**
 * An importance matrix that is a GGUF file: one tensor for each weight of the model, the sums of squares divided by how
 * often each matrix was used. Its stored tensors stay reachable. Any other checkpoint comes back as it is.
 */
export async function imatrixOf(checkpoint: Checkpoint): Promise<Checkpoint> {
  if (checkpoint.metadata.find(({ key }) => key === "general.type")?.value !== "imatrix") return checkpoint;
  const diagnostics = new DiagnosticList();
  const stored = new Map(checkpoint.tensors.map((tensor) => [tensor.name, tensor]));
  const tensors: TensorInfo[] = [];
  for (const tensor of checkpoint.tensors.filter(({ name }) => name.endsWith(sums))) {
    const name = tensor.name.slice(0, -sums.length);
    const counts = stored.get(`${name}.counts`);
    const importance = counts && (await importanceTensor(checkpoint, name, tensor, counts));
    if (importance) tensors.push(importance);
    else
      diagnostics.add("error", "imatrix.no-counts", `The importance of ${quoteName(name)} cannot be computed`, {
        file: checkpoint.name,
        tensor: tensor.name,
        offset: tensor.offset,
        expected: `float32 sums and a tensor "${name}.counts" with one number for each matrix`,
        found: counts ? `${counts.dtype} of shape ${counts.shape.join(" × ")}` : "no such tensor",
        hint: "Make it again with llama-imatrix.",
      });
  }
  return {
    ...checkpoint,
    format: "imatrix",
    tensors,
    stored: checkpoint.tensors,
    warnings: [...checkpoint.warnings, ...diagnostics.result()],
  };
}

async function importanceTensor(
  { files }: Checkpoint,
  name: string,
  tensor: TensorInfo,
  counts: TensorInfo,
): Promise<TensorInfo | undefined> {
  const columns = tensor.shape.at(-1) ?? 1;
  const matrices = countValues(counts.shape);
  const file = files[counts.file]?.file;
  if (tensor.dtype !== "F32" || counts.dtype !== "F32" || matrices * columns !== countValues(tensor.shape)) return undefined;
  if (!file || counts.offset + counts.bytes > file.size) return undefined;
  const bytes = new Uint8Array(counts.bytes);
  await file.read(counts.offset, bytes);
  // A matrix that was never used has no sums either.
  const divisors = Array.from(new Float32Array(bytes.buffer), (count) => (count > 0 ? count : 1));
  const ref = { kind: "divided", source: file.ref, offset: tensor.offset, divisors, columns } as const;
  return {
    name,
    dtype: "F32",
    shape: matrices === 1 ? [columns] : [matrices, columns],
    file: tensor.file,
    offset: tensor.offset,
    bytes: tensor.bytes + counts.bytes,
    extents: [tensor, counts].map((part) => ({ file: part.file, offset: part.offset, bytes: part.bytes })),
    source: { dtype: "F32", ref, offset: 0 },
  };
}
