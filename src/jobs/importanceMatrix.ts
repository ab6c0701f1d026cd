import { UsageError } from "../core/errors";
import { limits } from "../core/limits";
import { ggufName } from "../core/recipe/tensorNames";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { countValues, type TensorInfo } from "../core/tensor/tensorInfo";
import { decodeRun, openTensor, readBlocks } from "./tensorBytes";

/** How much each input column of each weight of a model matters: mean squares of what enters it. */
export interface ImportanceMatrix {
  /** Of the file. */
  readonly name: string;
  readonly entries: number;
  /** Chunks of text behind it, and what the text was, when the file says so. */
  readonly chunks?: number;
  readonly dataset?: string;
  /** Weights of the columns of a weight by its GGUF name; of stacked matrices one after the other. */
  readonly byGgufName: (name: string) => Float32Array | undefined;
}

/**
 * Reads all of an importance matrix that was opened as a checkpoint.
 *
 * @throws UsageError `not-an-imatrix`, `imatrix-too-large`; FormatError when its values cannot be read
 */
export async function loadImportance(checkpoint: Checkpoint, signal?: AbortSignal): Promise<ImportanceMatrix> {
  if (checkpoint.format !== "imatrix") {
    throw new UsageError("not-an-imatrix", `"${checkpoint.name}" is no importance matrix`, {
      expected: "a file that llama-imatrix wrote (.dat or .gguf)",
      found: checkpoint.format,
    });
  }
  const bytes = checkpoint.tensors.reduce((sum, { shape }) => sum + 4 * countValues(shape), 0);
  if (bytes > limits.imatrixBytes) {
    throw new UsageError("imatrix-too-large", `"${checkpoint.name}" is too large to be used`, {
      expected: `at most ${limits.imatrixBytes} bytes`,
      found: `${bytes} bytes`,
    });
  }
  const weights = new Map<string, Float32Array>();
  for (const [index, { name, shape }] of checkpoint.tensors.entries()) {
    const tensor = openTensor(checkpoint, index);
    weights.set(name, decodeRun(tensor, await readBlocks(tensor, 0, countValues(shape), signal)));
  }
  const value = (key: string) => checkpoint.metadata.find((entry) => entry.key === key)?.value;
  const chunks = Number(value("imatrix.chunk_count"));
  const [dataset = value("imatrix.dataset")] =
    (await checkpoint.metadata.find(({ key }) => key === "imatrix.datasets")?.read?.(0, 1)) ?? [];
  return {
    name: checkpoint.name,
    entries: weights.size,
    ...(Number.isSafeInteger(chunks) ? { chunks } : {}),
    ...(typeof dataset === "string" ? { dataset } : {}),
    byGgufName: (name) => weights.get(name),
  };
}

/** The weights of a tensor of a checkpoint, whatever names the checkpoint has. */
export function importanceOf(matrix: ImportanceMatrix, { architecture }: Checkpoint): (tensor: TensorInfo) => Float32Array | undefined {
  return ({ name }) => matrix.byGgufName(name) ?? matrix.byGgufName(ggufName(name, architecture) ?? name);
}
