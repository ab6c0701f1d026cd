import type { BinRange } from "../../core/measure/histogram";
import { isAffineScheme, isByteScheme } from "../../core/quant/registry";
import type { AffineScheme, ByteScheme, Scheme } from "../../core/quant/scheme";
import type { TaskEnvironment } from "./slice";

/**
 * Quantizes and dequantizes the first `count` values at `workspace.x`, adding the errors to result slot `slot`.
 *
 * @param y address for the dequantized values, or 0
 */
export type SchemeRun = (count: number, slot: number, y: number) => void;

/** What a scheme needs to know of the values around a chunk. */
export interface RunContext {
  /** Length of a row: chunks are whole rows of it, or one part of a longer row. */
  columns: number;
  /** Least and greatest finite value of the tensor, for schemes with one range for all of it. */
  range: BinRange;
}

/** Prepares a scheme for chunks of a tensor. */
export function schemeRun(scheme: Scheme, environment: TaskEnvironment, context: RunContext): SchemeRun {
  if (isAffineScheme(scheme)) {
    const { granularity } = scheme;
    if (granularity.kind === "tensor") return oneRangeRun(scheme, environment, context.range);
    return groupRun(scheme, environment, context.columns, granularity.kind === "channel" ? context.columns : granularity.size);
  }
  if (isByteScheme(scheme)) return kernelRun(scheme, environment) ?? plainRun(scheme, environment);
  throw new RangeError(`${scheme.id} cannot be measured`);
}

/** One scale for all values. @param range infinite, the wrong way round, where no value is finite */
export function oneRangeRun({ bits, symmetric }: AffineScheme, { workspace }: TaskEnvironment, range: BinRange): SchemeRun {
  const { kernels, x } = workspace;
  const [low, high] = range.low <= range.high ? [range.low, range.high] : [0, 0];
  return (count, slot, y) => kernels.affine(x, count, low, high, bits, symmetric ? 1 : 0, y, workspace.outSlot(slot));
}

/** A scale for each run of `group` values of a row. */
export function groupRun({ bits, symmetric }: AffineScheme, { workspace }: TaskEnvironment, columns: number, group: number): SchemeRun {
  const { kernels, x } = workspace;
  return (count, slot, y) => {
    const width = Math.min(columns, count);
    kernels.affineGroups(x, count / width, width, Math.min(group, width), bits, symmetric ? 1 : 0, y, workspace.outSlot(slot));
  };
}

/** The schemes that have a kernel of their own. */
function kernelRun({ id }: ByteScheme, { workspace }: TaskEnvironment): SchemeRun | undefined {
  const { kernels, x, codes, scratch } = workspace;
  switch (id) {
    case "Q8_0":
      return (count, slot, y) => kernels.q8_0Errors(x, count, codes, y, workspace.outSlot(slot), scratch);
    case "Q4_0":
      return (count, slot, y) => kernels.q4_0Errors(x, count, codes, y, workspace.outSlot(slot), scratch);
    case "Q4_K":
      return (count, slot, y) => kernels.q4_KErrors(x, count, codes, y, workspace.outSlot(slot), scratch);
    default:
      return undefined;
  }
}

/** Values between two looks at whether the job was cancelled: some milliseconds of the slowest quantizer. */
const plainStep = 8192;

/** Schemes in plain code. Their blocks are independent, so a row can be cut at any block. */
function plainRun(scheme: ByteScheme, { workspace, control }: TaskEnvironment): SchemeRun {
  const { kernels, x, codes } = workspace;
  return (count, slot, y) => {
    const decoded = y === 0 ? workspace.y : y;
    for (let start = 0; start < count; start += plainStep) {
      control.check();
      const values = Math.min(plainStep, count - start);
      const stored = workspace.bytes(codes, scheme.bytes([values]));
      scheme.quantizeRows(workspace.floats(x + 4 * start, values), values, stored);
      scheme.dequantizeRows(stored, values, workspace.floats(decoded + 4 * start, values));
    }
    kernels.errors(x, decoded, count, workspace.outSlot(slot));
  };
}
