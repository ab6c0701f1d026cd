import { ErrorSums, type ErrorTotals } from "../core/measure/errorSums";
import type { Scheme } from "../core/quant/scheme";
import { matrixShape } from "../core/tensor/tensorInfo";
import type { ErrorsInput } from "./contract";
import { matrixSlices, weightsOf } from "./importance";
import type { JobRun } from "./jobRun";
import { valuesPerTask } from "./schemeCost";
import { commonUnit, cutRule, leastCommonMultiple } from "./tasks/cutRule";
import type { ErrorsPiece } from "./tasks/errorsTask";
import type { Slice } from "./tasks/slice";
import { type PlannedTensor, slicePieces } from "./tensorPlan";
import { batches, type TensorPart } from "./tensorParts";
import { type TensorFacts, tensorFacts } from "./tensorFacts";
import { usedScheme } from "./usedScheme";

/** Against plain statistics; between five and a few hundred, by scheme. */
export const quantizingEffort = 16;

/** What measuring can be given besides tensors and schemes. */
export interface MeasureOptions extends Pick<ErrorsInput, "importance"> {
  /** Called when all of a part is measured. */
  done?(part: TensorPart, totals: ErrorTotals[]): void;
}

/** Totals of each part for each scheme. */
export async function measureAll(
  run: JobRun,
  parts: readonly TensorPart[],
  schemes: readonly Scheme[],
  options: MeasureOptions = {},
): Promise<ErrorTotals[][]> {
  const totals = new Map<TensorPart, ErrorTotals[]>();
  const most = valuesPerTask(schemes);
  const isSmall = ({ slice, isWhole }: TensorPart): boolean => isWhole && slice.values <= most;
  await Promise.all([
    ...batches(parts.filter(isSmall), most, ({ values }) => values).map(async (batch) => {
      const pieces = batch.map((part) => wholePiece(part, schemes, options));
      const results = await run.task({ kind: "errors", pieces }, batch[0]!.tensor.file);
      results.forEach((result, i) => {
        totals.set(batch[i]!, result);
        options.done?.(batch[i]!, result);
      });
    }),
    measureLarge(
      run,
      parts.filter((part) => !isSmall(part)),
      schemes,
      totals,
      options,
    ),
  ]);
  return parts.map((part) => totals.get(part)!);
}

function wholePiece({ slice, from, tensor }: TensorPart, schemes: readonly Scheme[], { importance }: MeasureOptions): ErrorsPiece {
  const piece = { shape: tensor.info.shape, schemes: usedIds(schemes, tensor) };
  const weights = weightsOf(tensor.info, importance);
  if (!weights) return { ...piece, slices: [slice] };
  const cuts = matrixSlices(tensor.info, slice, from, weights);
  return { ...piece, slices: cuts.map((cut) => cut.slice), importance: cuts.map((cut) => cut.importance) };
}

/** Identifiers of the schemes that really store a tensor: the fallback where one that was asked for is not applicable. */
export function usedIds(schemes: readonly Scheme[], { info }: PlannedTensor): string[] {
  return schemes.map((asked) => usedScheme(asked, info.shape).used.id);
}

/** Values between the places at which a tensor may be cut for all of the schemes; whole rows under importance weights. */
export function errorsUnit(schemes: readonly Scheme[], { info, slice }: PlannedTensor, importance?: Float32Array): number {
  const unit = commonUnit(
    slice.dtype,
    schemes.map((asked) => cutRule(usedScheme(asked, info.shape).used, info.shape)),
  );
  return importance ? leastCommonMultiple(unit, Math.max(1, matrixShape(info.shape).columns)) : unit;
}

interface Piece {
  part: TensorPart;
  isLast: boolean;
  slice: Slice;
  importance?: Float32Array;
  sums: readonly ErrorSums[];
  /** Of the whole tensor, found when the first piece is about to be measured. */
  facts: () => Promise<TensorFacts>;
}

/** Pieces of the parts, one part after the other, as files lie on disks. */
function* largePieces(
  run: JobRun,
  parts: readonly TensorPart[],
  schemes: readonly Scheme[],
  { importance: lookup }: MeasureOptions,
): Generator<Piece> {
  for (const part of parts) {
    const { tensor } = part;
    const sums = schemes.map(() => new ErrorSums());
    const used = schemes.map((asked) => usedScheme(asked, tensor.info.shape).used);
    let found: Promise<TensorFacts> | undefined;
    const facts = (): Promise<TensorFacts> => (found ??= tensorFacts(run, tensor, used));
    const weights = weightsOf(tensor.info, lookup);
    const unit = errorsUnit(schemes, tensor, weights);
    const matrices: { slice: Slice; importance?: Float32Array }[] = weights
      ? matrixSlices(tensor.info, part.slice, part.from, weights)
      : [{ slice: part.slice }];
    let left = part.slice.values;
    for (const { slice: whole, importance } of matrices) {
      for (const slice of slicePieces(whole, unit, valuesPerTask(schemes))) {
        left -= slice.values;
        yield { part, isLast: left <= 0, slice, sums, facts, ...(importance ? { importance } : {}) };
      }
    }
  }
}

async function measureLarge(
  run: JobRun,
  parts: readonly TensorPart[],
  schemes: readonly Scheme[],
  totals: Map<TensorPart, ErrorTotals[]>,
  options: MeasureOptions,
): Promise<void> {
  const measure = async ({ part: { tensor }, slice, importance, facts }: Piece): Promise<ErrorTotals[]> => {
    const weights = importance ? { importance: [importance] } : {};
    const piece = { slices: [slice], shape: tensor.info.shape, schemes: usedIds(schemes, tensor), ...(await facts()), ...weights };
    const [found] = await run.task({ kind: "errors", pieces: [piece] }, tensor.file);
    return found!;
  };
  await run.inOrder(largePieces(run, parts, schemes, options), measure, ({ part, isLast, sums }, found) => {
    found.forEach((one, s) => sums[s]!.add(one));
    if (!isLast) return;
    const states = sums.map((sum) => sum.state());
    totals.set(part, states);
    options.done?.(part, states);
  });
}
