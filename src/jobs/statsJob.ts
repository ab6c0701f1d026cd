import { UsageError } from "../core/errors";
import { limits } from "../core/limits";
import type { TensorFigures } from "../core/measure/figures";
import type { TensorStats } from "../core/measure/reports";
import type { JobContext, StatsInput, StatsReport } from "./contract";
import { JobRun, type TaskRunner } from "./jobRun";
import { scanParts } from "./scanParts";
import { inAnyOrder, type PlannedTensor, planTensors, taskBytes, totalBytes } from "./tensorPlan";
import { wholeTensors } from "./tensorParts";

/** Histogram bins unless the caller says otherwise. */
export const defaultBins = 256;

/** @throws UsageError `bad-bins` */
export function checkBins(bins: number): number {
  if (Number.isInteger(bins) && bins >= 1 && bins <= limits.histogramBins) return bins;
  throw new UsageError("bad-bins", `A histogram has 1 to ${limits.histogramBins} bins, not ${bins}`);
}

/** Statistics of whole tensors. */
export async function measureStats(pool: TaskRunner, input: StatsInput, context: JobContext): Promise<StatsReport> {
  const startedAt = performance.now();
  const bins = checkBins(input.bins ?? defaultBins);
  const { tensors: planned, skipped } = planTensors(input.checkpoint, input.tensors);
  const tensors = planned.map(inAnyOrder);
  const bytesRead = totalBytes(tensors);
  const done = new Map<PlannedTensor, TensorStats>();
  await JobRun.run(pool, context, { bytes: bytesRead, effort: 1 }, (run) => {
    const options = { bins, finish: true, batchBytes: batchBytes(bytesRead, pool.threads) };
    return scanParts(run, wholeTensors(tensors), options, ({ tensor }, result) => {
      if (result.kind !== "figures") return;
      const stats = statsOf(tensor, result.figures);
      done.set(tensor, stats);
      input.onTensor?.(tensor.index, stats);
    });
  });
  return { tensors: tensors.map((tensor) => done.get(tensor)!), skipped, elapsedMs: performance.now() - startedAt, bytesRead };
}

function statsOf({ info }: PlannedTensor, figures: TensorFigures): TensorStats {
  return { name: info.name, dtype: info.dtype, shape: [...info.shape], ...figures };
}

/** Several tasks for each thread even of a small checkpoint, so that they end together. */
export function batchBytes(bytes: number, threads: number): number {
  return Math.min(taskBytes, Math.max(2 ** 20, bytes / (4 * threads)));
}
