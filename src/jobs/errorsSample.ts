import type { ErrorTotals } from "../core/measure/errorSums";
import type { Scheme } from "../core/quant/scheme";
import type { ErrorsInput, JobContext, SampledErrors } from "./contract";
import { errorsUnit, quantizingEffort, usedIds } from "./errorsParts";
import { errorsReport } from "./errorsReport";
import { matrixSlices, weightsOf } from "./importance";
import { JobRun } from "./jobRun";
import { costPerValue, valuesPerTask } from "./schemeCost";
import type { ErrorsPiece } from "./tasks/errorsTask";
import { bytesOf, type Slice, sliceFrom } from "./tasks/slice";
import type { PlannedTensor } from "./tensorPlan";
import type { WorkerPool } from "./workerPool";

/** Milliseconds a job may take before an estimate is shown first, and about as long as the estimate takes. */
const patienceMs = 2000;
const sampleMs = 700;
/** Values measured at one place: a few, so that the sample is spread, but not so few that reading outweighs computing. */
const shortestRun = 4096;

interface Sample {
  tensor: PlannedTensor;
  piece: ErrorsPiece;
  values: number;
}

/**
 * The same figures from values spread evenly over every tensor; undefined where measuring all of them takes no longer
 * than anyone waits. Schemes with one range for a tensor take it from the sample.
 */
export async function sampleErrors(
  pool: WorkerPool,
  tensors: readonly PlannedTensor[],
  schemes: readonly Scheme[],
  { importance }: ErrorsInput,
  context: JobContext,
): Promise<SampledErrors | undefined> {
  const nsPerValue = schemes.reduce((sum, scheme) => sum + costPerValue(scheme), 0) / pool.threads;
  const values = tensors.reduce((sum, { slice }) => sum + slice.values, 0);
  if (values * nsPerValue <= patienceMs * 1e6) return undefined;
  const share = (sampleMs * 1e6) / nsPerValue / values;
  const samples = tensors.map((tensor) => sampleOf(tensor, schemes, share, importance));
  const measured = samples.reduce((sum, sample) => sum + sample.values, 0);
  const bytes = samples.reduce((sum, { tensor, values: count }) => sum + bytesOf(tensor.slice.dtype, count), 0);
  const totals = await JobRun.run(pool, { ...context, progress: () => undefined }, { bytes, effort: quantizingEffort }, async (run) => {
    const found = new Map<Sample, ErrorTotals[]>();
    await Promise.all(
      groups(samples, valuesPerTask(schemes)).map(async (group) => {
        const results = await run.task({ kind: "errors", pieces: group.map(({ piece }) => piece) }, group[0]!.tensor.file);
        results.forEach((result, i) => found.set(group[i]!, result));
      }),
    );
    return samples.map((sample) => found.get(sample)!);
  });
  const report = errorsReport(
    tensors.map(({ info }) => info),
    schemes,
    totals,
  );
  return { ...report, share: measured / values };
}

/** Runs of values spread evenly over a tensor: at least one. */
function sampleOf(tensor: PlannedTensor, schemes: readonly Scheme[], share: number, importance: ErrorsInput["importance"]): Sample {
  const { slice, info } = tensor;
  const weights = weightsOf(info, importance);
  const unit = errorsUnit(schemes, tensor, weights);
  const wanted = slice.values * share;
  const length = Math.max(unit, Math.ceil(Math.min(shortestRun, wanted) / unit) * unit);
  const places = Math.floor(slice.values / length);
  const count = Math.min(places, Math.max(1, Math.round(wanted / length)));
  const runs =
    count === 0
      ? [{ slice, from: 0 }]
      : Array.from({ length: count }, (_, i) => runAt(slice, Math.floor(((i + 0.5) * places) / count) * length, length));
  const piece = { shape: info.shape, schemes: usedIds(schemes, tensor) };
  const measured = runs.reduce((sum, { slice: { values } }) => sum + values, 0);
  if (!weights) return { tensor, piece: { ...piece, slices: runs.map((run) => run.slice) }, values: measured };
  const cuts = runs.flatMap((run) => matrixSlices(info, run.slice, run.from, weights));
  return {
    tensor,
    piece: { ...piece, slices: cuts.map((cut) => cut.slice), importance: cuts.map((cut) => cut.importance) },
    values: measured,
  };
}

function runAt(slice: Slice, from: number, values: number): { slice: Slice; from: number } {
  return { slice: sliceFrom(slice, from, values), from };
}

/** Samples of the same file, of about `most` values together: one task each. */
function groups(samples: readonly Sample[], most: number): Sample[][] {
  const found: Sample[][] = [];
  let size = Infinity;
  for (const sample of samples) {
    const last = found.at(-1);
    size += sample.values;
    if (last && last[0]!.tensor.file === sample.tensor.file && size <= most) last.push(sample);
    else {
      found.push([sample]);
      size = sample.values;
    }
  }
  return found;
}
