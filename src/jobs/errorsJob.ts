import { ErrorSums, type ErrorTotals } from "../core/measure/errorSums";
import { UsageError } from "../core/errors";
import type { BinRange } from "../core/measure/histogram";
import { findScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";
import { countValues, type TensorInfo } from "../core/tensor/tensorInfo";
import type { ErrorsInput, ErrorsReport, JobContext } from "./contract";
import { JobRun } from "./jobRun";
import { valuesPerTask } from "./schemeCost";
import { commonUnit, cutRule, needsTensorRange } from "./tasks/cutRule";
import { emptyRange } from "./tasks/rangeTask";
import type { Slice } from "./tasks/slice";
import { outSlots } from "./tasks/workspace";
import { type PlannedTensor, planTensors, slicePieces, totalBytes } from "./tensorPlan";
import { batches, type TensorPart, wholeTensors } from "./tensorParts";
import { tensorRange } from "./tensorRange";
import { errorFigures, pooledFigures, usedScheme } from "./usedScheme";
import type { WorkerPool } from "./workerPool";

/** Against plain statistics; between five and a few hundred, by scheme. */
export const quantizingEffort = 16;

/** @throws UsageError `unknown-type`, `no-types`, `too-many-types` */
export function findSchemes(types: readonly string[]): Scheme[] {
  if (types.length === 0) throw new UsageError("no-types", "Name at least one quantization type");
  if (types.length > outSlots) throw new UsageError("too-many-types", `At most ${outSlots} types can be compared at once`);
  return [...new Map(types.map(findScheme).map((scheme) => [scheme.id, scheme])).values()];
}

/** What each scheme does to each tensor, measured on every value, and to all of them together. */
export async function measureErrors(pool: WorkerPool, input: ErrorsInput, context: JobContext): Promise<ErrorsReport> {
  const startedAt = performance.now();
  const schemes = findSchemes(input.types);
  const { tensors, skipped } = planTensors(input.checkpoint, input.tensors);
  const bytesRead = totalBytes(tensors);
  const totals = await JobRun.run(pool, context, { bytes: bytesRead, effort: quantizingEffort }, (run) =>
    measureAll(run, wholeTensors(tensors), schemes),
  );
  const report = errorsReport(
    tensors.map(({ info }) => info),
    schemes,
    totals,
  );
  return { ...report, skipped, elapsedMs: performance.now() - startedAt, bytesRead };
}

/**
 * Figures of each tensor, and over all values of all tensors.
 *
 * @param totals of each tensor for each scheme
 */
export function errorsReport(
  tensors: readonly Pick<TensorInfo, "name" | "shape">[],
  schemes: readonly Scheme[],
  totals: readonly ErrorTotals[][],
): Pick<ErrorsReport, "tensors" | "total"> {
  const values = tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
  const rows = tensors.map(({ name, shape }, i) => {
    const types = schemes.map((asked, s) => [asked.id, errorFigures(usedScheme(asked, shape), shape, totals[i]![s]!)] as const);
    return { name, shape: [...shape], types: Object.fromEntries(types) };
  });
  const total = schemes.map((asked, s) => {
    const sums = new ErrorSums();
    for (const row of totals) sums.add(row[s]!);
    const bytes = rows.reduce((sum, { types }) => sum + types[asked.id]!.bytes, 0);
    return [asked.id, pooledFigures(sums.state(), bytes, values)] as const;
  });
  return { tensors: rows, total: Object.fromEntries(total) };
}

/** Totals of each part for each scheme. */
export async function measureAll(run: JobRun, parts: readonly TensorPart[], schemes: readonly Scheme[]): Promise<ErrorTotals[][]> {
  const totals = new Map<TensorPart, ErrorTotals[]>();
  const most = valuesPerTask(schemes);
  const isSmall = ({ slice, isWhole }: TensorPart): boolean => isWhole && slice.values <= most;
  await Promise.all([
    ...batches(parts.filter(isSmall), most, ({ values }) => values).map(async (batch) => {
      const pieces = batch.map(({ slice, tensor }) => ({ slice, shape: tensor.info.shape, schemes: usedIds(schemes, tensor) }));
      const results = await run.task({ kind: "errors", pieces }, batch[0]!.tensor.file);
      results.forEach((result, i) => totals.set(batch[i]!, result));
    }),
    measureLarge(
      run,
      parts.filter((part) => !isSmall(part)),
      schemes,
      totals,
    ),
  ]);
  return parts.map((part) => totals.get(part)!);
}

function usedIds(schemes: readonly Scheme[], { info }: PlannedTensor): string[] {
  return schemes.map((asked) => usedScheme(asked, info.shape).used.id);
}

/** Values between the places at which a tensor may be cut for all of the schemes. */
export function errorsUnit(schemes: readonly Scheme[], { info, slice }: PlannedTensor): number {
  return commonUnit(
    slice.dtype,
    schemes.map((asked) => cutRule(usedScheme(asked, info.shape).used, info.shape)),
  );
}

interface Piece {
  part: TensorPart;
  slice: Slice;
  sums: readonly ErrorSums[];
  /** Of the whole tensor, found when the first piece is about to be measured. */
  range: () => Promise<BinRange>;
}

/** Pieces of the parts, one part after the other, as files lie on disks. */
function* largePieces(run: JobRun, parts: readonly TensorPart[], schemes: readonly Scheme[]): Generator<Piece> {
  for (const part of parts) {
    const { tensor } = part;
    const sums = schemes.map(() => new ErrorSums());
    let found: Promise<BinRange> | undefined;
    const range = (): Promise<BinRange> =>
      (found ??= schemes.some(needsTensorRange) ? tensorRange(run, tensor) : Promise.resolve(emptyRange));
    for (const slice of slicePieces(part.slice, errorsUnit(schemes, tensor), valuesPerTask(schemes))) yield { part, slice, sums, range };
  }
}

async function measureLarge(
  run: JobRun,
  parts: readonly TensorPart[],
  schemes: readonly Scheme[],
  totals: Map<TensorPart, ErrorTotals[]>,
): Promise<void> {
  const measure = async ({ part: { tensor }, slice, range }: Piece): Promise<ErrorTotals[]> => {
    const piece = { slice, shape: tensor.info.shape, schemes: usedIds(schemes, tensor), range: await range() };
    const [found] = await run.task({ kind: "errors", pieces: [piece] }, tensor.file);
    return found!;
  };
  await run.inOrder(largePieces(run, parts, schemes), measure, ({ part, sums }, found) => {
    found.forEach((one, s) => sums[s]!.add(one));
    totals.set(
      part,
      sums.map((sum) => sum.state()),
    );
  });
}
