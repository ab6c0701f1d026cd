import type { InputSums } from "../../core/gptq/hessian";
import { type ColumnErrors, columnErrors } from "../../core/gptq/outputErrors";
import type { TaskEnvironment } from "./slice";

/** Measures what quantizing some rows of a linear layer changes of its outputs. */
export interface OutputErrorsTask {
  kind: "outputErrors";
  /** Float32 weights of the whole layer. */
  weights: SharedArrayBuffer;
  /** What they became; zeros when absent, so that the errors are the outputs themselves. */
  values?: SharedArrayBuffer;
  /** Float32 sums of the inputs over which the error is taken. */
  sums: SharedArrayBuffer;
  shape: Omit<InputSums, "lower">;
  first: number;
  rows: number;
  /** What the task adds to the job's progress, in bytes. */
  share: number;
}

/** @throws CancelledError */
export function runOutputErrors(task: OutputErrorsTask, { workspace, control }: TaskEnvironment): ColumnErrors {
  const { shape, first, rows, share } = task;
  const { kernels, arena } = workspace.matrices();
  const part = (buffer: SharedArrayBuffer): Float32Array => new Float32Array(buffer, 4 * first * shape.columns, rows * shape.columns);
  const errors = part(task.weights).slice();
  if (task.values) {
    const values = part(task.values);
    for (let i = 0; i < errors.length; i++) errors[i] = errors[i]! - values[i]!;
  }
  const found = columnErrors(kernels, arena, errors, { ...shape, lower: new Float32Array(task.sums) }, () => control.check());
  control.advance(share, 1);
  return found;
}
