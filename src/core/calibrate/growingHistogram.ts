import type { Accumulator } from "../measure/accumulator";
import type { BinRange } from "../measure/histogram";
import type { HistogramReport } from "../measure/reports";
import { magnitudeBins, type MagnitudeHistogram } from "./magnitudes";

/** Bins to either side of 0: from 4 to 8 for each of those that calibrators work from. */
export const fineBins = 2 ** 14;

/** Counts by sign and magnitude: equal bins from 0 to 2^`exponent`, open at their upper end. */
export interface GrowingCounts {
  exponent: number;
  /** Of values below 0, by magnitude. */
  negative: Float64Array;
  /** Of the others. */
  positive: Float64Array;
}

/** The power below which all float32 values lie whose bins are then of the smallest width. */
const smallestExponent = -135;

/**
 * A histogram of values whose range is not known beforehand: {@link fineBins} bins to either side of 0, whose range doubles as
 * often as is needed; two neighbouring bins then become one. ONNX Runtime and TensorRT add bins of the first batch's width instead, so
 * that the result depends on the order of the batches. With widths that are powers of two it does not: histograms of parts, merged
 * in any order, are that of the whole.
 */
export class GrowingHistogram implements Accumulator<Float32Array, GrowingCounts, GrowingCounts> {
  private exponent = smallestExponent;
  private readonly negative = new Float64Array(fineBins);
  private readonly positive = new Float64Array(fineBins);

  /** @param values non-finite ones are passed over */
  add(values: Float32Array): void {
    let top = 2 ** this.exponent;
    let perUnit = fineBins / top;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const magnitude = Math.abs(value);
      if (!(magnitude < top)) {
        if (!Number.isFinite(value)) continue;
        this.growTo(exponentAbove(magnitude));
        top = 2 ** this.exponent;
        perUnit = fineBins / top;
      }
      const bin = (magnitude * perUnit) | 0;
      if (value < 0) this.negative[bin]!++;
      else this.positive[bin]!++;
    }
  }

  merge({ exponent, negative, positive }: GrowingCounts): void {
    this.growTo(exponent);
    const shift = this.exponent - exponent;
    for (let bin = 0; bin < fineBins; bin++) {
      const target = shift > 31 ? 0 : bin >>> shift;
      this.negative[target]! += negative[bin]!;
      this.positive[target]! += positive[bin]!;
    }
  }

  state(): GrowingCounts {
    return { exponent: this.exponent, negative: this.negative.slice(), positive: this.positive.slice() };
  }

  result(): GrowingCounts {
    return this.state();
  }

  private growTo(exponent: number): void {
    const shift = exponent - this.exponent;
    if (shift <= 0) return;
    this.exponent = exponent;
    for (const counts of [this.negative, this.positive]) {
      for (let bin = 1; bin < fineBins; bin++) {
        const count = counts[bin]!;
        if (count === 0) continue;
        counts[bin] = 0;
        counts[shift > 31 ? 0 : bin >>> shift]! += count;
      }
    }
  }
}

/** The least e with magnitude < 2^e. */
function exponentAbove(magnitude: number): number {
  let exponent = Math.max(smallestExponent, Math.floor(Math.log2(magnitude)));
  while (2 ** exponent <= magnitude) exponent++;
  return exponent;
}

/** Counts of |x| by {@link magnitudeBins} bins from 0 to `max`, the greatest magnitude: what range calibrators work from. */
export function magnitudesOf({ exponent, negative, positive }: GrowingCounts, max: number): MagnitudeHistogram {
  const fine = positive.map((count, bin) => count + negative[bin]!);
  return { max, counts: rebinned({ low: 0, high: 2 ** exponent, counts: fine }, { low: 0, high: max }) };
}

/** The same with signs, from −`max` to `max`. */
export function signedOf({ exponent, negative, positive }: GrowingCounts, max: number): HistogramReport {
  const fine = new Float64Array(2 * fineBins);
  fine.set(negative.slice().reverse());
  fine.set(positive, fineBins);
  return { min: -max, max, counts: rebinned({ low: -(2 ** exponent), high: 2 ** exponent, counts: fine }, { low: -max, high: max }) };
}

/**
 * Counts by {@link magnitudeBins} bins of values that all lie in `range`. The values of a fine bin are taken to lie evenly in it, and what
 * lies below an edge is rounded to whole values: bins that got whole fine bins, some one more than others, would look like structure to
 * a search that compares them.
 */
function rebinned(fine: BinRange & { counts: Float64Array }, range: BinRange): number[] {
  const perUnit = fine.counts.length / (fine.high - fine.low);
  const total = fine.counts.reduce((sum, count) => sum + count, 0);
  let [passed, below] = [0, 0];
  let before = 0;
  return Array.from({ length: magnitudeBins }, (_, bin) => {
    const place = (range.low + ((range.high - range.low) * (bin + 1)) / magnitudeBins - fine.low) * perUnit;
    while (passed + 1 <= place && passed < fine.counts.length) below += fine.counts[passed++]!;
    const share = Math.max(0, place - passed) * (fine.counts[passed] ?? 0);
    const upTo = bin === magnitudeBins - 1 ? total : Math.round(below + share);
    const count = upTo - before;
    before = upTo;
    return count;
  });
}
