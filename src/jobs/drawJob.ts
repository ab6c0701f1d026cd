import { UsageError } from "../core/errors";
import { type ShapedData, shapedColumns, shapedRun } from "../core/shaped/shapedValues";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { MemoryFile } from "../io/memoryFile";
import type { JobContext } from "./contract";
import { JobRun } from "./jobRun";
import type { WorkerPool } from "./workerPool";

/** Most values of a shaped tensor: what is drawn and quantized while a slider moves. */
const mostValues = 2 ** 22;

/** Drawing a value takes as long as going through so many. */
const drawingEffort = 16;

/**
 * A checkpoint in memory with one float32 tensor of drawn values, which every other job takes like one from a file.
 *
 * @throws UsageError `bad-shape` for no rows, or too many
 */
export async function drawCheckpoint(pool: WorkerPool, data: ShapedData, context: JobContext): Promise<Checkpoint> {
  const values = data.rows * shapedColumns;
  if (!(data.rows >= 1 && values <= mostValues)) {
    throw new UsageError("bad-shape", `A shaped tensor has 1 to ${mostValues / shapedColumns} rows, not ${data.rows}`);
  }
  const shared = new SharedArrayBuffer(4 * values);
  const name = `${data.distribution}.npy`;
  const file = new MemoryFile(name, shared);
  const share = Math.ceil(values / pool.threads / shapedRun) * shapedRun;
  await JobRun.run(pool, context, { bytes: shared.byteLength, effort: drawingEffort }, async (run) => {
    const starts = Array.from({ length: Math.ceil(values / share) }, (_, i) => i * share);
    await Promise.all(
      starts.map((from) => run.task({ kind: "draw", data, values: shared, from, count: Math.min(share, values - from) }, file.ref)),
    );
  });
  return {
    format: "numpy",
    name,
    files: [{ name, bytes: shared.byteLength, file }],
    tensors: [{ name: data.distribution, dtype: "F32", shape: [data.rows, shapedColumns], file: 0, offset: 0, bytes: shared.byteLength }],
    metadata: [],
    warnings: [],
    close: () => file.close(),
  };
}
