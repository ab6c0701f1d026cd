import { type ErrorTotals, ErrorSums } from "../core/measure/errorSums";
import { UsageError } from "../core/errors";
import type { TensorStats } from "../core/measure/reports";
import { countValues } from "../core/tensor/tensorInfo";
import type { ErrorsReport, StatsReport } from "./contract";
import { errorsReport, findSchemes } from "./errorsReport";
import type { ErrorsPart, StatsPart, PartTensor } from "./partReport";
import { ScanAccumulator } from "./scanAccumulator";

/** The report that the parts of a `stats` job make together. @throws UsageError `bad-parts` when they are not exactly that */
export function mergeStatsParts(parts: readonly StatsPart[]): StatsReport {
  const { bins } = parts[0]!;
  if (parts.some((part) => part.bins !== bins)) throw badParts("they have different numbers of bins");
  const tensors = groupTensors<StatsPart["tensors"][number]>(parts).map((pieces): TensorStats => {
    const { name, dtype, shape } = pieces[0]!;
    const scan = new ScanAccumulator(dtype);
    pieces.forEach((piece, place) => {
      scan.add(place, piece.state);
      if (!piece.histogram) return;
      const { min, max, counts } = piece.histogram;
      scan.histogramOver({ low: min, high: max }, bins).add(counts);
    });
    return { name, dtype, shape, ...scan.figures(bins) };
  });
  return { tensors, ...joint(parts) };
}

/** The report that the parts of an `errors` job make together. @throws UsageError `bad-parts` */
export function mergeErrorsParts(parts: readonly ErrorsPart[]): ErrorsReport {
  const { types } = parts[0]!;
  if (parts.some((part) => part.types.join() !== types.join())) throw badParts("they are of different types");
  const tensors = groupTensors<ErrorsPart["tensors"][number]>(parts);
  const totals = tensors.map((pieces): ErrorTotals[] =>
    types.map((_, type) => {
      const sums = new ErrorSums();
      for (const piece of pieces) sums.add(piece.totals[type]!);
      return sums.state();
    }),
  );
  const report = errorsReport(
    tensors.map((pieces) => pieces[0]!),
    findSchemes(types),
    totals,
  );
  return { ...report, ...joint(parts) };
}

/** The pieces of each tensor in order; together they are all of it, once. */
function groupTensors<P extends PartTensor>(parts: readonly { part: { index: number; count: number }; tensors: readonly P[] }[]): P[][] {
  const { count } = parts[0]!.part;
  const indices = parts.map(({ part }) => part.index).sort((a, b) => a - b);
  if (parts.some(({ part }) => part.count !== count)) throw badParts("they come from different splits");
  if (indices.length !== count || indices.some((index, i) => index !== i + 1)) {
    throw badParts(`there are ${count} of them, and these are ${indices.join(", ")}`);
  }
  const groups = new Map<number, P[]>();
  for (const tensor of parts.flatMap(({ tensors }) => tensors)) groups.set(tensor.index, [...(groups.get(tensor.index) ?? []), tensor]);
  return [...groups.values()].sort((a, b) => a[0]!.index - b[0]!.index).map(checkedPieces);
}

function checkedPieces<P extends PartTensor>(pieces: P[]): P[] {
  const ordered = [...pieces].sort((a, b) => a.from - b.from);
  const first = ordered[0]!;
  let next = 0;
  for (const { name, dtype, shape, from, values } of ordered) {
    if (name !== first.name || dtype !== first.dtype || shape.join() !== first.shape.join())
      throw badParts("they come from different checkpoints");
    if (from !== next) throw badParts(`values of ${name} are missing or there twice`);
    next += values;
  }
  if (next !== countValues(first.shape)) throw badParts(`values of ${first.name} are missing`);
  return ordered;
}

/** Time and bytes are those of all machines together. */
function joint(parts: readonly (StatsPart | ErrorsPart)[]) {
  return {
    skipped: parts[0]!.skipped,
    elapsedMs: parts.reduce((sum, part) => sum + part.elapsedMs, 0),
    bytesRead: parts.reduce((sum, part) => sum + part.bytesRead, 0),
  };
}

function badParts(why: string): UsageError {
  return new UsageError("bad-parts", `These are not the parts of one job: ${why}`);
}
