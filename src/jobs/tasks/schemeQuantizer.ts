import type { ByteScheme } from "../../core/quant/scheme";
import { findQuantizeKernel } from "../../kernels/blockKernels";
import type { TaskEnvironment } from "./slice";

/**
 * Quantizes the first `count` values at `workspace.x`, whole rows of `columns`, into `workspace.codes`. What is at
 * `workspace.input` is lost.
 *
 * @param importance weights of a row's columns
 * @returns the stored bytes: a view of the workspace, valid until the next call
 * @throws CancelledError once the job is cancelled
 */
export type SchemeQuantizer = (count: number, columns: number, importance?: Float32Array) => Uint8Array;

/**
 * Values between two looks at whether the job was cancelled: some milliseconds of the slowest quantizer. And of one call of a
 * kernel: the engine translates it again, several times faster, once it has been called; a call that runs ends as it began.
 */
const stepValues = 8192;

/** Prepares a scheme for chunks of a tensor: its kernel if there is one, else its plain code. */
export function schemeQuantizer(scheme: ByteScheme, environment: Pick<TaskEnvironment, "workspace" | "control">): SchemeQuantizer {
  const { workspace, control } = environment;
  const { x, codes, scratch } = workspace;
  const kernel = findQuantizeKernel(workspace.kernels, scheme.id);
  return (count, columns, importance) => {
    const stored = workspace.bytes(codes, scheme.bytes([count]));
    // What was read has been decoded: the weights may take its place.
    if (kernel && importance) workspace.floats(workspace.input, columns).set(importance);
    // Blocks are independent, so without weights a row can be cut at any of them.
    const step = importance ? Math.max(1, Math.floor(stepValues / columns)) * columns : stepValues;
    for (let start = 0; start < count; start += step) {
      control.check();
      const values = Math.min(step, count - start);
      const at = scheme.bytes([start]);
      if (kernel) {
        kernel(x + 4 * start, values, codes + at, scratch, importance ? workspace.input : 0, columns);
      } else {
        const target = stored.subarray(at, scheme.bytes([start + values]));
        scheme.quantizeRows(workspace.floats(x + 4 * start, values), importance ? columns : values, target, importance);
      }
    }
    return stored;
  };
}
