import { UsageError } from "../core/errors";
import type { Checkpoint } from "../core/tensor/checkpoint";
import { findDType } from "../core/tensor/dtype";
import { matrixShape } from "../core/tensor/tensorInfo";
import type { JobContext, MatrixVectorReport } from "./contract";
import { JobRun } from "./jobRun";
import { bytesOf, sliceFrom } from "./tasks/slice";
import { planTensor } from "./tensorPlan";
import type { WorkerPool } from "./workerPool";

export interface MatrixVectorInput {
  checkpoint: Checkpoint;
  tensor: number;
}

/** Values that are looked at: 64 MiB of float32. */
const mostValues = 16 * 2 ** 20;
/** Columns whose products of codes are summed in 32 bits: 127² · 100,000 is below 2³¹. */
const mostColumns = 100_000;
/** Milliseconds that each product is repeated. */
const timeMs = 300;

/**
 * Times the product of a matrix of a checkpoint with a vector, in float32 and in INT8, in one worker thread. Of a large matrix
 * the first rows.
 *
 * @throws UsageError `bad-position` where the matrix has no row that can be read by itself
 */
export async function timeMatrixVector(pool: WorkerPool, input: MatrixVectorInput, context: JobContext): Promise<MatrixVectorReport> {
  const { info, slice, file } = planTensor(input.checkpoint, input.tensor);
  const { rows: all, columns } = matrixShape(info.shape);
  const rows = Math.min(all, Math.max(1, Math.floor(mostValues / Math.max(1, columns))));
  const values = rows * columns;
  if (values === 0 || columns > mostColumns || values % findDType(slice.dtype)!.blockSize !== 0) {
    throw new UsageError("bad-position", `${info.name} has no rows that can be measured`, { tensor: info.name });
  }
  const part = sliceFrom(slice, 0, values);
  const times = await JobRun.run(pool, context, { bytes: bytesOf(part.dtype, values), effort: 1 }, (run) =>
    run.task({ kind: "matrixVector", slice: part, columns, time: timeMs }, file),
  );
  return { ...times, rows, columns, float32Bytes: 4 * values, int8Bytes: values + 4 * rows };
}
