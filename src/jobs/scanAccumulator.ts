import { codeTable } from "../core/measure/codeTable";
import { codeFigures, type TensorFigures, wideFigures } from "../core/measure/figures";
import { type BinRange, constantHistogram, Histogram } from "../core/measure/histogram";
import { Moments, type MomentsState } from "../core/measure/moments";
import { PatternCounts } from "../core/measure/patternCounts";
import type { HistogramReport } from "../core/measure/reports";
import type { ScanState } from "./tasks/scanTask";

/**
 * Puts together what was found in the pieces of one tensor. Moments are merged in the order of the pieces, whatever the
 * order they come in, so that the same file always gives the same digits.
 */
export class ScanAccumulator {
  private readonly patterns = new PatternCounts();
  private readonly moments: (MomentsState | undefined)[] = [];
  private histogram: Histogram | undefined;

  constructor(private readonly dtype: string) {}

  /** @param place of the piece among the pieces */
  add(place: number, state: ScanState): void {
    this.patterns.merge(state.kind === "codes" ? state.codes : state.patterns);
    if (state.kind === "wide") this.moments[place] = state.moments;
  }

  /** Least and greatest finite value of a wide type so far. */
  range(): BinRange {
    const { min, max } = this.wideMoments();
    return { low: min, high: max };
  }

  /** The histogram that the counts of the second pass are added to; always the same range and bins. */
  histogramOver(range: BinRange, bins: number): Histogram {
    return (this.histogram ??= new Histogram(range, bins));
  }

  /** The counts of the second pass; null when there was none. */
  counted(): HistogramReport | null {
    return this.histogram?.result() ?? null;
  }

  state(): ScanState {
    const patterns = this.patterns.state();
    if (codeTable(this.dtype)) return { kind: "codes", codes: patterns };
    return { kind: "wide", moments: this.wideMoments(), patterns };
  }

  figures(bins: number): TensorFigures {
    const table = codeTable(this.dtype);
    if (table) return codeFigures(table, this.patterns.result(), bins);
    const moments = this.wideMoments();
    return wideFigures(moments, this.patterns.result(), this.counted() ?? constantHistogram(moments, bins));
  }

  private wideMoments(): MomentsState {
    const total = new Moments();
    for (const state of this.moments) if (state) total.merge(state);
    return total.state();
  }
}
