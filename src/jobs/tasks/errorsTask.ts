import { UsageError } from "../../core/errors";
import { type ErrorTotals, ErrorSums, unmeasurableTotals } from "../../core/measure/errorSums";
import type { BinRange } from "../../core/measure/histogram";
import { findScheme, isAffineScheme } from "../../core/quant/registry";
import type { AffineScheme, Scheme } from "../../core/quant/scheme";
import { findDType } from "../../core/tensor/dtype";
import { matrixShape } from "../../core/tensor/tensorInfo";
import { commonUnit, type CutRule, cutRule, fittingGroups, leastCommonMultiple, needsTensorRange } from "./cutRule";
import { clearSlots, readSlot } from "./errorSlots";
import { emptyRange, rangeOf } from "./rangeTask";
import type { RunContext } from "./runContext";
import { groupRun, oneRangeRun, schemeRun } from "./schemeRun";
import { forEachChunk, type Slice, sliceFrom, type TaskEnvironment } from "./slice";
import { sumsOf } from "./sumsTask";
import type { TensorSums } from "./tensorSums";
import { weightedRun } from "./weightedRun";

/** Pieces of a tensor whose errors are wanted, cut as the schemes' cut rules allow. */
export interface ErrorsPiece {
  slices: Slice[];
  /** Of the tensor. */
  shape: readonly number[];
  /** Schemes that are applicable to the shape, by identifier; at most as many as there are result slots. */
  schemes: string[];
  /** Least and greatest value of the whole tensor; when absent, found here from the slices: all of it, or a sample. */
  range?: BinRange;
  /** Sums over the whole tensor; when absent, taken here, likewise. */
  sums?: TensorSums;
  /** Importance weights of the columns, for each slice; slices then are whole rows of one matrix. */
  importance?: Float32Array[];
}

export interface ErrorsTask {
  kind: "errors";
  pieces: ErrorsPiece[];
}

/** For each piece, totals in the order of its schemes. */
export function runErrors(task: ErrorsTask, environment: TaskEnvironment): ErrorTotals[][] {
  return task.pieces.map((piece) => pieceErrors(piece, environment));
}

interface Wanted {
  scheme: Scheme;
  rule: CutRule;
  sums: ErrorSums;
}

function pieceErrors({ slices, shape, schemes, range, sums: known, importance }: ErrorsPiece, environment: TaskEnvironment): ErrorTotals[] {
  const wanted = schemes.map((id): Wanted => {
    const scheme = findScheme(id);
    return { scheme, rule: cutRule(scheme, shape), sums: new ErrorSums() };
  });
  const { columns } = matrixShape(shape);
  const needsRange = range === undefined && wanted.some(({ scheme }) => needsTensorRange(scheme));
  const tensorRange = needsRange ? rangeOfAll(slices, environment) : (range ?? emptyRange);
  const sums =
    known ??
    sumsOf(
      slices,
      shape,
      wanted.map(({ scheme }) => scheme),
      tensorRange,
      environment,
    );
  const context = { columns, range: tensorRange, sums };
  slices.forEach((slice, place) => {
    const weighted = importance ? { ...context, importance: importance[place]! } : context;
    for (const group of fittingGroups(
      slice.dtype,
      wanted.filter(({ rule }) => !rule.longRows),
    )) {
      addChunks(group, slice, weighted, environment);
    }
    for (const { scheme, rule, sums } of wanted) {
      if (rule.longRows && isAffineScheme(scheme)) addLongRows(scheme, sums, slice, columns, environment);
    }
  });
  return wanted.map(({ sums }) => sums.state());
}

function rangeOfAll(slices: readonly Slice[], environment: TaskEnvironment): BinRange {
  let { low, high } = emptyRange;
  for (const slice of slices) {
    const found = rangeOf(slice, environment);
    low = Math.min(low, found.low);
    high = Math.max(high, found.high);
  }
  return { low, high };
}

/** All schemes chunk by chunk, each value read once. */
function addChunks(wanted: readonly Wanted[], slice: Slice, context: RunContext, environment: TaskEnvironment): void {
  if (wanted.length === 0) return;
  const { workspace } = environment;
  const unit = commonUnit(
    slice.dtype,
    wanted.map(({ rule }) => rule),
  );
  const { importance } = context;
  clearSlots(workspace, wanted.length);
  const runs = importance
    ? wanted.map(({ scheme, sums }) => weightedRun(scheme, sums, environment, { ...context, importance }))
    : wanted.map(({ scheme }) => schemeRun(scheme, environment, context));
  const refused = new Set<number>();
  const rows = importance ? leastCommonMultiple(unit, context.columns) : unit;
  forEachChunk(environment, slice, rows, 1, (count) =>
    runs.forEach((run, slot) => {
      if (!refused.has(slot) && !isHeld(() => run(count, slot, 0))) refused.add(slot);
    }),
  );
  wanted.forEach(({ sums }, slot) =>
    sums.add(refused.has(slot) ? unmeasurableTotals(slice.values, importance !== undefined) : readSlot(workspace, slot)),
  );
}

/** Runs a scheme; false where it refuses the values, as those with code books do with huge ones. The others must not suffer from that. */
function isHeld(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof UsageError && error.code === "values-out-of-range") return false;
    throw error;
  }
}

/** Rows longer than a chunk: each is gone through like a tensor of its own. */
function addLongRows(scheme: AffineScheme, sums: ErrorSums, slice: Slice, columns: number, environment: TaskEnvironment): void {
  const block = findDType(slice.dtype)?.blockSize ?? 1;
  const { granularity } = scheme;
  for (let start = 0; start < slice.values; start += columns) {
    const row = sliceFrom(slice, start, columns);
    const isGrouped = granularity.kind === "group";
    const run = isGrouped
      ? groupRun(scheme, environment, Infinity, granularity.size)
      : oneRangeRun(scheme, environment, rangeOf(row, environment));
    clearSlots(environment.workspace, 1);
    forEachChunk(environment, row, isGrouped ? leastCommonMultiple(block, granularity.size) : block, 1, (count) => run(count, 0, 0));
    sums.add(readSlot(environment.workspace, 0));
  }
}
