import { floatLosses } from "../../core/measure/floatLosses";
import type { BinRange } from "../../core/measure/histogram";
import { isAffineScheme, isBlockwiseScheme, isByteScheme, isFloatScheme, isHqqScheme, isValueScheme } from "../../core/quant/registry";
import type { AffineScheme, ByteScheme, Scheme, ValueScheme } from "../../core/quant/scheme";
import { findDecodeKernel } from "../../kernels/blockKernels";
import { blockwiseRun } from "./blockwiseRun";
import { addLosses } from "./errorSlots";
import { hqqRun } from "./hqqRun";
import type { RunContext, SchemeRun } from "./runContext";
import { schemeQuantizer } from "./schemeQuantizer";
import type { TaskEnvironment } from "./slice";

/** Prepares a scheme for chunks of a tensor. */
export function schemeRun(scheme: Scheme, environment: TaskEnvironment, context: RunContext): SchemeRun {
  if (isAffineScheme(scheme)) {
    const { granularity } = scheme;
    if (granularity.kind === "tensor") return oneRangeRun(scheme, environment, chosenRange(scheme, context));
    return groupRun(scheme, environment, context.columns, granularity.kind === "channel" ? context.columns : granularity.size);
  }
  if (isByteScheme(scheme)) return byteRun(scheme, environment, context);
  if (isBlockwiseScheme(scheme) && scheme.book.values.length === 16) return blockwiseRun(scheme, environment, context);
  if (isHqqScheme(scheme)) return hqqRun(scheme, environment, context);
  if (isValueScheme(scheme)) return valueRun(scheme, environment, context);
  throw new RangeError(`${scheme.id} cannot be measured`);
}

/** What the codes of a scheme with one range cover. */
export function chosenRange(scheme: AffineScheme, { range, sums }: Pick<RunContext, "range" | "sums">): BinRange {
  return scheme.chooseRange?.(range, sums[scheme.id] ?? []) ?? range;
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

/** A scheme with stored bytes: they are written, read back and compared with what they came from. */
function byteRun(scheme: ByteScheme, environment: TaskEnvironment, { columns, importance }: RunContext): SchemeRun {
  const { workspace } = environment;
  const { kernels, x, codes } = workspace;
  const quantize = schemeQuantizer(scheme, environment);
  const decode = findDecodeKernel(kernels, scheme.id);
  return (count, slot, y) => {
    const decoded = y === 0 ? workspace.y : y;
    const stored = quantize(count, importance ? columns : count, importance);
    if (decode) decode(codes, count, decoded);
    else scheme.dequantizeRows(stored, count, workspace.floats(decoded, count));
    kernels.errors(x, decoded, count, workspace.outSlot(slot));
    if (!isFloatScheme(scheme)) return;
    addLosses(workspace, slot, floatLosses(workspace.floats(x, count), workspace.floats(decoded, count), scheme.overflowFrom));
  };
}

/** Values between two looks at whether the job was cancelled: some milliseconds of the slowest of these schemes. */
const valueStep = 2 ** 15;

/** A scheme known by what it makes of values. */
function valueRun(scheme: ValueScheme, { workspace, control }: TaskEnvironment, { columns, sums }: RunContext): SchemeRun {
  const { kernels, x } = workspace;
  const unit = scheme.cut === "row" ? columns : scheme.cut;
  const step = Math.max(1, Math.floor(valueStep / unit)) * unit;
  return (count, slot, y) => {
    const decoded = y === 0 ? workspace.y : y;
    for (let start = 0; start < count; start += step) {
      control.check();
      const values = Math.min(step, count - start);
      scheme.fakeQuantize(
        workspace.floats(x + 4 * start, values),
        columns,
        workspace.floats(decoded + 4 * start, values),
        sums[scheme.id] ?? [],
      );
    }
    kernels.errors(x, decoded, count, workspace.outSlot(slot));
  };
}
