import { PatternCounts } from "../core/measure/patternCounts";
import { ascendingPatterns, patternValue } from "../core/measure/patternValues";
import { nearestRank } from "../core/measure/percentiles";
import { findDType } from "../core/tensor/dtype";
import { matrixShape } from "../core/tensor/tensorInfo";
import type { HeatmapReport } from "../protocol/editor";
import type { HeatmapInput, JobContext } from "./contract";
import { JobRun } from "./jobRun";
import type { HeatmapPart, HeatmapTask } from "./tasks/heatmapTask";
import { bytesOf, sliceFrom } from "./tasks/slice";
import { planTensor, type PlannedTensor } from "./tensorPlan";
import type { WorkerPool } from "./workerPool";

/** Values above which only evenly spread rows are drawn: more are not seen in a picture, but would be waited for. */
const mostValues = 64 * 2 ** 20;
/** Stored bytes of one task: a picture is waited for, so all threads begin at once. */
const taskBytes = 8 * 2 ** 20;

/** A picture of a whole matrix: each cell is the value of largest magnitude of the values it covers. */
export async function drawHeatmap(pool: WorkerPool, input: HeatmapInput, context: JobContext): Promise<HeatmapReport> {
  const tensor = planTensor(input.checkpoint, input.tensor);
  const { rows, columns } = matrixShape(tensor.info.shape);
  const width = Math.max(1, Math.min(input.width, columns));
  const height = Math.max(1, Math.min(input.height, rows));
  const cells = new Float32Array(width * height).fill(NaN);
  const patterns = new PatternCounts();
  const { runs, share } = rowRuns(tensor, rows, columns, height);
  const tasks = heatmapTasks(tensor, runs, { columns, rows, width, height });
  const bytes = bytesOf(tensor.slice.dtype, tensor.slice.values) * share;
  await JobRun.run(pool, context, { bytes, effort: 2 }, async (run) => {
    await Promise.all(
      tasks.map(async (task) => {
        const part = await run.task(task, tensor.file);
        keepLargest(cells, part, width);
        patterns.merge(part.patterns);
      }),
    );
  });
  const picture = Array.from(cells, (value) => (Number.isNaN(value) ? null : value));
  const report: HeatmapReport = { rows, columns, width, height, cells: picture, limit: magnitudePercentile(patterns) };
  if (share < 1) report.share = share;
  return report;
}

/** Values, as index of the first and count, that are whole rows. */
interface RowRun {
  start: number;
  values: number;
}

/** All rows, or as many of each line of the picture as keep within {@link mostValues}. */
function rowRuns({ slice }: PlannedTensor, rows: number, columns: number, height: number): { runs: RowRun[]; share: number } {
  const perLine = Math.floor(mostValues / Math.max(1, columns) / height);
  if (slice.values <= mostValues || perLine * height >= rows) return { runs: [{ start: 0, values: slice.values }], share: 1 };
  const block = findDType(slice.dtype)!.blockSize;
  const runs = Array.from({ length: height }, (_, line): RowRun => {
    const first = Math.ceil((line * rows) / height);
    const next = Math.ceil(((line + 1) * rows) / height);
    const count = Math.min(next - first, Math.max(1, perLine));
    const start = (first + Math.floor((next - first - count) / 2)) * columns;
    // Rows of packed 4-bit values may begin inside a byte.
    const from = Math.floor(start / block) * block;
    return { start: from, values: Math.ceil((start + count * columns - from) / block) * block };
  });
  return { runs, share: runs.reduce((sum, run) => sum + run.values, 0) / slice.values };
}

/** Rows of one task follow each other in the picture. Long runs are cut anywhere: pooling does not mind. */
function heatmapTasks({ slice }: PlannedTensor, runs: readonly RowRun[], size: Omit<HeatmapTask, "kind" | "slices">): HeatmapTask[] {
  const unit = 256;
  const most = Math.max(unit, Math.floor(taskBytes / bytesOf(slice.dtype, unit)) * unit);
  const tasks: HeatmapTask[] = [];
  let room = 0;
  for (const { start, values } of runs) {
    for (let done = 0; done < values;) {
      if (room <= 0) {
        tasks.push({ kind: "heatmap", slices: [], ...size });
        room = most;
      }
      const count = Math.min(values - done, room >= values - done ? values - done : Math.max(unit, Math.floor(room / unit) * unit));
      tasks.at(-1)!.slices.push({ slice: sliceFrom(slice, start + done, count), start: start + done });
      done += count;
      room -= count;
    }
  }
  return tasks;
}

function keepLargest(cells: Float32Array, { top, cells: found }: HeatmapPart, width: number): void {
  found.forEach((value, i) => {
    const known = cells[top * width + i]!;
    if (Number.isNaN(known) || Math.abs(value) > Math.abs(known)) cells[top * width + i] = value;
  });
}

/** The 99.9th percentile of |x| over finite values, 0 where there is none: one outlier must not bleach the picture. */
function magnitudePercentile(patterns: PatternCounts): number {
  const { keys, counts } = patterns.result();
  const byMagnitude = new Map<number, number>();
  for (let i = 0; i < keys.length; i++) {
    const magnitude = keys[i]! & 0x7fff;
    byMagnitude.set(magnitude, (byMagnitude.get(magnitude) ?? 0) + counts[i]!);
  }
  const ascending = ascendingPatterns([...byMagnitude.keys()]);
  const total = ascending.reduce((sum, key) => sum + byMagnitude.get(key)!, 0);
  let reached = 0;
  for (const key of ascending) {
    reached += byMagnitude.get(key)!;
    if (reached >= nearestRank(999, total)) return patternValue(key);
  }
  return 0;
}
