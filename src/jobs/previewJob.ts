import { BinErrors } from "../core/measure/binErrors";
import { ErrorSums } from "../core/measure/errorSums";
import { UsageError } from "../core/errors";
import { type BinRange, binRange, Histogram } from "../core/measure/histogram";
import { Moments } from "../core/measure/moments";
import { type AffineRange, affineRange, affineValue } from "../core/quant/affineArithmetic";
import { findScheme, isAffineScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";
import type { JobContext, PreviewInput, PreviewReport, SummaryFigures } from "./contract";
import { quantizingEffort } from "./errorsParts";
import { JobRun } from "./jobRun";
import { previewSample, previewSlices } from "./previewSample";
import { checkBins } from "./statsJob";
import { commonUnit, cutRule } from "./tasks/cutRule";
import type { PreviewTask } from "./tasks/previewTask";
import { bytesOf, type Slice } from "./tasks/slice";
import { type PlannedTensor, planTensor, readBytes } from "./tensorPlan";
import { tensorRange } from "./tensorRange";
import { type TensorFacts, tensorFacts } from "./tensorFacts";
import { errorFigures, type UsedScheme, usedScheme } from "./usedScheme";
import type { WorkerPool } from "./workerPool";

/** Most levels that a chart marks one by one. */
const mostLevels = 64;

interface Preview extends TensorFacts {
  tensor: PlannedTensor;
  schemes: UsedScheme;
  bins: number;
  values?: SharedArrayBuffer;
}

/**
 * One tensor before and after one scheme.
 *
 * @throws UsageError `bad-bins`, `unknown-type`, `row-too-long`, `unreadable-tensor`
 */
export async function previewScheme(pool: WorkerPool, input: PreviewInput, context: JobContext): Promise<PreviewReport> {
  const bins = checkBins(input.bins);
  const tensor = planTensor(input.checkpoint, input.tensor);
  const { info, slice } = tensor;
  const schemes = usedScheme(findScheme(input.scheme), info.shape);
  const rule = cutRule(schemes.used, info.shape);
  if (rule.longRows) {
    throw new UsageError("row-too-long", `Rows of ${rule.unit} values are too long to preview with ${schemes.used.id}`, {
      tensor: info.name,
    });
  }
  const unit = commonUnit(slice.dtype, [rule]);
  const { values } = input;
  if (values && values.byteLength !== 4 * slice.values) throw new RangeError(`${info.name} has ${slice.values} values`);
  const preview = { tensor, schemes, bins, ...(values ? { values } : {}), ...(await factsOf(pool, tensor, schemes.used, input, context)) };
  const all = previewSlices(schemes.used, slice, unit, pool.threads);
  const sample = input.onRefined && previewSample(schemes.used, slice, unit, pool.threads);
  if (!sample) return measure(pool, preview, all, context);
  const first = await measure(pool, preview, sample, context);
  measure(pool, preview, all, context).then(input.onRefined, input.onRefinementFailed ?? (() => undefined));
  return first;
}

async function factsOf(
  pool: WorkerPool,
  tensor: PlannedTensor,
  scheme: Scheme,
  { stats }: PreviewInput,
  context: JobContext,
): Promise<TensorFacts> {
  const known = stats && knownRange(stats);
  if (known && !scheme.tensorSums) return { range: known, sums: {} };
  const effort = scheme.tensorSums ? quantizingEffort : 1;
  return JobRun.run(pool, context, { bytes: readBytes(tensor), effort }, async (run) => {
    const found = known ?? (await tensorRange(run, tensor));
    return tensorFacts(run, tensor, [scheme], found.low <= found.high ? found : { low: 0, high: 0 });
  });
}

/** Statistics are of what is stored; what is quantized are float32 values. */
function knownRange(stats: { min: number | null; max: number | null }): BinRange | undefined {
  const { low, high } = { low: Math.fround(stats.min ?? 0), high: Math.fround(stats.max ?? 0) };
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : undefined;
}

async function measure(pool: WorkerPool, preview: Preview, tasks: readonly Slice[][], context: JobContext): Promise<PreviewReport> {
  const { tensor, schemes, range, sums, bins, values } = preview;
  const { info, slice, file } = tensor;
  const edges = binRange(range.low, range.high);
  const before = new Moments();
  const after = new Moments();
  const beforeBins = new Histogram(edges, bins);
  const afterBins = new Histogram(edges, bins);
  const binErrors = new BinErrors(bins);
  const errors = new ErrorSums();
  let covered: BinRange | undefined;
  const measured = tasks.flat().reduce((sum, piece) => sum + piece.values, 0);
  const request: Omit<PreviewTask, "slices"> = {
    kind: "preview",
    shape: info.shape,
    scheme: schemes.used.id,
    range,
    sums,
    binRange: edges,
    bins,
    ...(values ? { given: { values, offset: slice.offset } } : {}),
  };
  await JobRun.run(pool, context, { bytes: bytesOf(slice.dtype, measured), effort: quantizingEffort }, async (run) => {
    const parts = await Promise.all(tasks.map((slices) => run.task({ ...request, slices }, file)));
    for (const part of parts) {
      before.merge(part.before);
      after.merge(part.after);
      beforeBins.add(part.beforeCounts);
      afterBins.add(part.afterCounts);
      binErrors.add({ squares: part.squares, counts: part.beforeCounts });
      errors.add(part.errors);
      covered = part.covered;
    }
  });
  const share = slice.values > 0 ? measured / slice.values : 1;
  return {
    scheme: schemes.asked.id,
    sampled: share < 1,
    share,
    before: beforeBins.result(),
    after: afterBins.result(),
    binRmse: binErrors.result(),
    ...rangeOf(schemes.used, covered),
    beforeFigures: summaryFigures(before),
    afterFigures: summaryFigures(after),
    errors: errorFigures(schemes, info.shape, errors.state()),
  };
}

function summaryFigures(moments: Moments): SummaryFigures {
  const { min, mean, std, max, zero, nan, inf } = moments.result();
  return { min, mean, std, max, zero, nan, inf };
}

/** The range of a scheme with one for the tensor, and the values it can give, where they are few. */
function rangeOf(scheme: Scheme, covered: BinRange | undefined): { affine?: AffineRange; levels?: number[] } {
  if (!isAffineScheme(scheme) || !covered) return {};
  const [low, high] = covered.low <= covered.high ? [covered.low, covered.high] : [0, 0];
  const affine = affineRange(low, high, scheme.bits, scheme.symmetric);
  if (2 ** scheme.bits > mostLevels) return { affine };
  const codes = Array.from({ length: affine.maxCode - affine.minCode + 1 }, (_, i) => affine.minCode + i);
  return { affine, levels: codes.map((code) => affineValue(code, affine)) };
}
