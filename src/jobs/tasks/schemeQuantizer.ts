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

/** Values between two looks at whether the job was cancelled: some milliseconds of the slowest quantizer. */
const plainStep = 8192;

/** Prepares a scheme for chunks of a tensor: its kernel if there is one, else its plain code. */
export function schemeQuantizer(scheme: ByteScheme, environment: Pick<TaskEnvironment, "workspace" | "control">): SchemeQuantizer {
  const { workspace, control } = environment;
  const { x, codes, scratch } = workspace;
  const kernel = findQuantizeKernel(workspace.kernels, scheme.id);
  return (count, columns, importance) => {
    const stored = workspace.bytes(codes, scheme.bytes([count]));
    if (kernel) {
      // What was read has been decoded: the weights may take its place.
      if (importance) workspace.floats(workspace.input, columns).set(importance);
      kernel(x, count, codes, scratch, importance ? workspace.input : 0, columns);
      return stored;
    }
    // Blocks are independent, so without weights a row can be cut at any of them.
    const step = importance ? Math.max(1, Math.floor(plainStep / columns)) * columns : plainStep;
    for (let start = 0; start < count; start += step) {
      control.check();
      const values = Math.min(step, count - start);
      const target = stored.subarray(scheme.bytes([start]), scheme.bytes([start + values]));
      scheme.quantizeRows(workspace.floats(x + 4 * start, values), importance ? columns : values, target, importance);
    }
    return stored;
  };
}
