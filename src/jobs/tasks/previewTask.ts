import type { ErrorTotals } from "../../core/measure/errorSums";
import type { BinRange } from "../../core/measure/histogram";
import { Moments, type MomentsState } from "../../core/measure/moments";
import { findScheme, isAffineScheme } from "../../core/quant/registry";
import { matrixShape } from "../../core/tensor/tensorInfo";
import { binErrors } from "../../kernels/plain/histogram";
import { commonUnit, cutRule } from "./cutRule";
import { clearSlots, readSlot } from "./errorSlots";
import { fineValues, isFinerThanFloat } from "./fineErrors";
import { momentSums } from "./momentSums";
import { chosenRange, oneRangeRun, schemeRun } from "./schemeRun";
import { bytesOf, forEachChunk, type Slice, type TaskEnvironment } from "./slice";
import type { TensorSums } from "./tensorSums";

/** One scheme on parts of a tensor, as a picture. */
export interface PreviewTask {
  kind: "preview";
  slices: Slice[];
  shape: readonly number[];
  scheme: string;
  /** Least and greatest value of the tensor. */
  range: BinRange;
  /** Sums over the whole tensor, of schemes that need any. */
  sums: TensorSums;
  /** Where the bins begin and end. */
  binRange: BinRange;
  bins: number;
  /** What the tensor, which begins at this byte of the file, becomes in place of what the scheme makes of it: float32. */
  given?: { values: SharedArrayBuffer; offset: number };
}

/** What one task found; merges with others. */
export interface PreviewPart {
  before: MomentsState;
  after: MomentsState;
  beforeCounts: number[];
  afterCounts: number[];
  squares: number[];
  errors: ErrorTotals;
  /** What the codes cover, of a scheme with one range for the tensor. */
  covered?: BinRange;
}

export function runPreview(task: PreviewTask, environment: TaskEnvironment): PreviewPart {
  const { slices, shape, range, sums, bins } = task;
  const { low, high } = task.binRange;
  const { workspace } = environment;
  const { kernels, x, y, scratch } = workspace;
  const scheme = findScheme(task.scheme);
  // Found once: the search of some choices takes longer than what follows.
  const covered = isAffineScheme(scheme) && scheme.granularity.kind === "tensor" ? chosenRange(scheme, { range, sums }) : undefined;
  const run =
    covered && isAffineScheme(scheme)
      ? oneRangeRun(scheme, environment, covered)
      : schemeRun(scheme, environment, { columns: matrixShape(shape).columns, range, sums });
  const before = new Moments();
  const after = new Moments();
  const beforeCounts = workspace.words(workspace.bins, bins).fill(0);
  const afterCounts = workspace.words(workspace.binsAfter, bins).fill(0);
  const squares = workspace.doubles(workspace.binSums, bins).fill(0);
  clearSlots(workspace, 1);
  for (const slice of slices) {
    forEachChunk(environment, slice, commonUnit(slice.dtype, [cutRule(scheme, shape)]), 1, (count, start) => {
      if (task.given) {
        workspace.floats(y, count).set(givenValues(task.given, slice, start, count));
        kernels.errors(x, y, count, workspace.outSlot(0));
      } else run(count, 0, y);
      const found = momentSums(workspace, count);
      before.add(found);
      if (found.finite < count) leaveOut(workspace.floats(x, count), workspace.floats(y, count));
      const changed = momentSums(workspace, count, y);
      after.add(changed);
      kernels.histogram(x, count, low, high, bins, workspace.bins, scratch);
      if (isFinerThanFloat(scheme) && !task.given) {
        const values = workspace.floats(x, count);
        binErrors(values, fineValues(scheme, values, matrixShape(shape).columns, covered), low, high, squares);
      } else kernels.binErrors(x, y, count, low, high, bins, workspace.binSums);
      // Dequantized values may lie a little outside; they belong to the outermost bins, not nowhere.
      if (changed.min < low || changed.max > high) clamp(workspace.floats(y, count), low, high);
      kernels.histogram(y, count, low, high, bins, workspace.binsAfter, scratch);
    });
  }
  return {
    before: before.state(),
    after: after.state(),
    beforeCounts: Array.from(beforeCounts),
    afterCounts: Array.from(afterCounts),
    squares: Array.from(squares),
    errors: readSlot(workspace, 0),
    ...(covered ? { covered } : {}),
  };
}

function givenValues({ values, offset }: NonNullable<PreviewTask["given"]>, slice: Slice, start: number, count: number): Float32Array {
  const first = (slice.offset - offset) / (bytesOf(slice.dtype, slice.values) / slice.values);
  return new Float32Array(values, 4 * (Math.round(first) + start), count);
}

/** What a scheme makes of values that are not finite is not counted: "after" is about the same values as "before". */
function leaveOut(before: Float32Array, after: Float32Array): void {
  for (let i = 0; i < before.length; i++) if (!Number.isFinite(before[i])) after[i] = NaN;
}

function clamp(values: Float32Array, low: number, high: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) values[i] = low;
    else if (value > high) values[i] = high;
  }
}
