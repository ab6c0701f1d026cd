import { UsageError } from "../../core/errors";
import { findScheme, isByteScheme } from "../../core/quant/registry";
import type { ByteScheme } from "../../core/quant/scheme";
import type { TaskEnvironment } from "./slice";

/**
 * Quantizes the first `count` values at `workspace.x`, whole rows of `columns` or blocks of longer ones.
 *
 * @returns the stored bytes, valid until the next call
 */
export type Quantizer = (count: number, columns: number, importance?: Float32Array) => Uint8Array;

/** The scheme that stores a type. @throws UsageError `unknown-type` where there is no quantizer for it */
export function storingScheme(type: string): ByteScheme {
  const scheme = findScheme(type);
  if (isByteScheme(scheme)) return scheme;
  throw new UsageError("unknown-type", `"${type}" is no type with bytes of its own`, { found: type });
}

/** Values between two looks at whether the job was cancelled: some milliseconds of the slowest quantizer. */
const plainStep = 8192;

/** Prepares the quantizer of a stored type. */
export function schemeQuantizer(type: string, { workspace, control }: TaskEnvironment): Quantizer {
  const scheme = storingScheme(type);
  const { x, codes } = workspace;
  return (count, columns, importance) => {
    const bytes = workspace.bytes(codes, scheme.bytes([count]));
    const step = importance ? columns : Math.max(columns, Math.floor(plainStep / columns) * columns);
    for (let start = 0; start < count; start += step) {
      control.check();
      const values = Math.min(step, count - start);
      const target = bytes.subarray(scheme.bytes([start]), scheme.bytes([start + values]));
      scheme.quantizeRows(workspace.floats(x + 4 * start, values), importance ? columns : values, target, importance);
    }
    return bytes;
  };
}
