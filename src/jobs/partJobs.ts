import type { SparseCounts } from "../core/measure/patternCounts";
import type { ErrorsInput, JobContext, StatsInput } from "./contract";
import { errorsUnit, measureAll, quantizingEffort } from "./errorsParts";
import { findSchemes } from "./errorsReport";
import { weightsOf } from "./importance";
import { JobRun } from "./jobRun";
import type { ErrorsPart, StatsPart } from "./partReport";
import { scanParts } from "./scanParts";
import { batchBytes, checkBins, defaultBins } from "./statsJob";
import type { ScanState } from "./tasks/scanTask";
import { bytesOf } from "./tasks/slice";
import { cutUnit, inAnyOrder, planTensors } from "./tensorPlan";
import { type Part, partOf, type TensorPart } from "./tensorParts";
import type { WorkerPool } from "./workerPool";

/** One share of {@link measureStats}. @throws UsageError `bad-part` */
export async function measureStatsPart(pool: WorkerPool, input: StatsInput & { part: Part }, context: JobContext): Promise<StatsPart> {
  const startedAt = performance.now();
  const bins = checkBins(input.bins ?? defaultBins);
  const { tensors: planned, skipped } = planTensors(input.checkpoint, input.tensors);
  const tensors = planned.map(inAnyOrder);
  const parts = partOf(tensors, input.part, () => cutUnit);
  const bytesRead = bytesOfParts(parts);
  const rows = new Map<TensorPart, StatsPart["tensors"][number]>();
  await JobRun.run(pool, context, { bytes: bytesRead, effort: 1 }, (run) => {
    const options = { bins, finish: false, batchBytes: batchBytes(bytesRead, pool.threads) };
    return scanParts(run, parts, options, (part, result) => {
      if (result.kind === "state") rows.set(part, { ...identity(part), state: plainState(result.state), histogram: result.histogram });
    });
  });
  const elapsedMs = performance.now() - startedAt;
  return { kind: "stats", part: input.part, bins, tensors: parts.map((part) => rows.get(part)!), skipped, elapsedMs, bytesRead };
}

/** One share of {@link measureErrors}. @throws UsageError `bad-part` */
export async function measureErrorsPart(pool: WorkerPool, input: ErrorsInput & { part: Part }, context: JobContext): Promise<ErrorsPart> {
  const startedAt = performance.now();
  const schemes = findSchemes(input.types);
  const { tensors, skipped } = planTensors(input.checkpoint, input.tensors);
  const parts = partOf(tensors, input.part, (tensor) => errorsUnit(schemes, tensor, weightsOf(tensor.info, input.importance)));
  const bytesRead = bytesOfParts(parts);
  const totals = await JobRun.run(pool, context, { bytes: bytesRead, effort: quantizingEffort }, (run) =>
    measureAll(run, parts, schemes, { importance: input.importance }),
  );
  const rows = parts.map((part, i) => ({ ...identity(part), totals: totals[i]! }));
  const elapsedMs = performance.now() - startedAt;
  return { kind: "errors", part: input.part, types: schemes.map(({ id }) => id), tensors: rows, skipped, elapsedMs, bytesRead };
}

function bytesOfParts(parts: readonly TensorPart[]): number {
  return parts.reduce((sum, { slice }) => sum + bytesOf(slice.dtype, slice.values), 0);
}

function identity({ tensor, from, slice }: TensorPart) {
  const { name, dtype, shape } = tensor.info;
  return { index: tensor.index, name, dtype, shape: [...shape], from, values: slice.values };
}

/** Typed arrays are no JSON. */
function plainState(state: ScanState): ScanState {
  const plain = ({ keys, counts }: SparseCounts): SparseCounts => ({ keys: Array.from(keys), counts: Array.from(counts) });
  return state.kind === "codes" ? { ...state, codes: plain(state.codes) } : { ...state, patterns: plain(state.patterns) };
}
