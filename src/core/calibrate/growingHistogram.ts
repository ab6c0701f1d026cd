import type { Accumulator } from "../measure/accumulator";
import type { HistogramReport } from "../measure/reports";
import { magnitudeBins, type MagnitudeHistogram } from "./magnitudes";

/** Counts by sign and magnitude: equal bins from 0 to 2^`exponent`, open at their upper end. */
export interface GrowingCounts {
  exponent: number;
  /** Of values below 0, by magnitude. */
  negative: Float64Array;
  /** Of the others. */
  positive: Float64Array;
}

/** The power below which all float32 values lie whose bins are then of the smallest width. */
const smallestExponent = -138;

/**
 * A histogram of values whose range is not known beforehand: {@link magnitudeBins} bins to either side of 0, whose range doubles as
 * often as is needed; two neighbouring bins then become one. ONNX Runtime and TensorRT add bins of the first batch's width instead, so
 * that the result depends on the order of the batches. With widths that are powers of two it does not: histograms of parts, merged
 * in any order, are that of the whole.
 */
export class GrowingHistogram implements Accumulator<Float32Array, GrowingCounts, GrowingCounts> {
  private exponent = smallestExponent;
  private readonly negative = new Float64Array(magnitudeBins);
  private readonly positive = new Float64Array(magnitudeBins);

  /** @param values non-finite ones are passed over */
  add(values: Float32Array): void {
    let top = 2 ** this.exponent;
    let perUnit = magnitudeBins / top;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const magnitude = Math.abs(value);
      if (!(magnitude < top)) {
        if (!Number.isFinite(value)) continue;
        this.growTo(exponentAbove(magnitude));
        top = 2 ** this.exponent;
        perUnit = magnitudeBins / top;
      }
      const bin = (magnitude * perUnit) | 0;
      if (value < 0) this.negative[bin]!++;
      else this.positive[bin]!++;
    }
  }

  merge({ exponent, negative, positive }: GrowingCounts): void {
    this.growTo(exponent);
    const shift = this.exponent - exponent;
    for (let bin = 0; bin < magnitudeBins; bin++) {
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
      for (let bin = 1; bin < magnitudeBins; bin++) {
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

/** Counts of |x| up to the last bin that has any: between 1024 and 2048 bins, what range calibrators work from. */
export function magnitudesOf({ exponent, negative, positive }: GrowingCounts): MagnitudeHistogram {
  const bins = usedBins(negative, positive);
  return {
    max: (2 ** exponent * bins) / magnitudeBins,
    counts: Array.from({ length: bins }, (_, bin) => negative[bin]! + positive[bin]!),
  };
}

/** The same with signs, over ± the same range. Values of an inner edge below 0 lie in the bin beneath. */
export function signedOf({ exponent, negative, positive }: GrowingCounts): HistogramReport {
  const bins = usedBins(negative, positive);
  const max = (2 ** exponent * bins) / magnitudeBins;
  const counts = [...negative.slice(0, bins).reverse(), ...positive.slice(0, bins)];
  return { min: -max, max, counts };
}

function usedBins(negative: Float64Array, positive: Float64Array): number {
  let bins = magnitudeBins;
  while (bins > 1 && negative[bins - 1] === 0 && positive[bins - 1] === 0) bins--;
  return bins;
}
