import type { HistogramReport } from "../../src/core/measure/reports";
import type { PreviewReport } from "../../src/jobs/contract";

/** Bins with fewer values say nothing about the error there. */
const leastForError = 30;
/** The most levels that are drawn each for itself. */
const mostSpikes = 64;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What the before/after figure draws, in the units of its axes. */
export interface FigureModel {
  /** Both ends of the bins. */
  readonly low: number;
  readonly high: number;
  /** Both ends of the x axis: it covers the values before and the levels after, which may lie beyond the outermost bin. */
  readonly axis: readonly [low: number, high: number];
  readonly bins: readonly FigureBin[];
  /** Present when the values after can only take few levels: each drawn at its level, not at a bin's centre. */
  readonly spikes?: readonly Point[];
  /** The largest count of both. */
  readonly maxCount: number;
  /** The largest error drawn; 0 when there is none. */
  readonly maxError: number;
}

export interface FigureBin {
  readonly low: number;
  readonly high: number;
  readonly before: number;
  readonly after: number;
  /** Root of the mean squared error of the values before that lie in the bin; null where too few do. */
  readonly error: number | null;
}

/** Both ends of a histogram; one value alone gets some room around it. */
function extent({ min, max }: HistogramReport): [number, number] {
  if (max > min) return [min, max];
  const room = Math.max(Math.abs(min) * 0.1, 1e-6);
  return [min - room, max + room];
}

/** Prepares a report for drawing. Both histograms have the same bins. */
export function figureModel(report: PreviewReport): FigureModel {
  const { before, after, binRmse } = report;
  const [low, high] = extent(before);
  const width = (high - low) / before.counts.length;
  const bins = before.counts.map((count, index): FigureBin => {
    const error = binRmse[index] ?? null;
    return {
      low: low + index * width,
      high: low + (index + 1) * width,
      before: count,
      after: after.counts[index] ?? 0,
      error: count >= leastForError ? error : null,
    };
  });
  const spikes = spikesOf(report, low, width);
  const levels = spikes?.map(({ x }) => x) ?? [];
  return {
    low,
    high,
    axis: [Math.min(low, ...levels), Math.max(high, ...levels)],
    bins,
    spikes,
    maxCount: bins.reduce((most, bin) => Math.max(most, bin.before, bin.after), 1),
    maxError: bins.reduce((most, bin) => Math.max(most, bin.error ?? 0), 0),
  };
}

/** A spike a level, if every level has a bin of its own: else the counts of single levels are not known. */
function spikesOf({ levels, after }: PreviewReport, low: number, width: number): Point[] | undefined {
  if (!levels || levels.length === 0 || levels.length > mostSpikes) return undefined;
  const last = after.counts.length - 1;
  const binOf = (level: number): number => Math.min(last, Math.max(0, Math.floor((level - low) / width)));
  if (new Set(levels.map(binOf)).size < levels.length) return undefined;
  return levels.flatMap((level) => {
    const y = after.counts[binOf(level)] ?? 0;
    return y > 0 ? [{ x: level, y }] : [];
  });
}

/** A histogram's outline: each count holds from its point to the next, and both ends come down to `base`. */
export function outline(model: FigureModel, side: "before" | "after", base: number): Point[] {
  const points: Point[] = [{ x: model.low, y: base }];
  for (const bin of model.bins) points.push({ x: bin.low, y: Math.max(base, bin[side]) });
  const last = model.bins[model.bins.length - 1];
  if (last) points.push({ x: last.high, y: Math.max(base, last[side]) });
  points.push({ x: model.high, y: base });
  return points;
}

/** The bin a value lies in. */
export function binAt(model: FigureModel, value: number): number {
  const share = (value - model.low) / (model.high - model.low);
  return Math.min(model.bins.length - 1, Math.max(0, Math.floor(share * model.bins.length)));
}
