import type { Accumulator } from "../measure/accumulator";
import { type AffineRange, affineRange } from "../quant/affineArithmetic";
import type { ActivationRows } from "./activations";
import { OrderedSums } from "./orderedSums";

/** Sums of squared errors of quantized activations. */
export interface ErrorFigures {
  /** Finite values. */
  values: number;
  /** Of each static range. */
  fixed: Float64Array;
  /** With a range of its own for each token. */
  dynamic: number;
  /** Squares of the values themselves. */
  signal: number;
}

/** The same on its way: sums of each run of tokens, of the static ranges, then dynamic, then the signal. */
export interface ErrorState {
  values: number;
  sums: Float64Array[];
}

/**
 * Measures what static quantization with some ranges does to activations, and what dynamic quantization would do, for which every
 * token's range is found when it comes (asymmetric, of the same number of bits).
 */
export class ActivationErrors implements Accumulator<ActivationRows, ErrorFigures, ErrorState> {
  private values = 0;
  private readonly sums: OrderedSums;

  constructor(
    readonly columns: number,
    private readonly ranges: readonly AffineRange[],
    private readonly bits: number,
  ) {
    this.sums = new OrderedSums(ranges.length + 2);
  }

  add({ values, rows }: ActivationRows): void {
    const sums = this.sums.current();
    const [dynamic, signal] = [this.ranges.length, this.ranges.length + 1];
    for (let row = 0; row < rows; row++) {
      const token = values.subarray(row * this.columns, (row + 1) * this.columns);
      let [low, high] = [0, 0];
      for (let i = 0; i < token.length; i++) {
        const value = token[i]!;
        if (!(Math.abs(value) < Infinity)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
        this.values++;
        sums[signal]! += value * value;
      }
      sums[dynamic]! += squaredError(token, affineRange(low, high, this.bits, false));
      this.ranges.forEach((range, i) => (sums[i]! += squaredError(token, range)));
    }
  }

  endRun(): void {
    this.sums.endRun();
  }

  merge({ values, sums }: ErrorState): void {
    this.values += values;
    this.sums.merge(sums);
  }

  state(): ErrorState {
    return { values: this.values, sums: this.sums.state() };
  }

  result(): ErrorFigures {
    const { values, ranges } = this;
    const total = this.sums.total();
    return { values, fixed: total.subarray(0, ranges.length), dynamic: total[ranges.length]!, signal: total[ranges.length + 1]! };
  }
}

/** Adding and taking it away rounds a float64 below 2^51 half to even. */
const rounder = 1.5 * 2 ** 52;

function squaredError(values: Float32Array, { scale, zeroPoint, minCode, maxCode }: AffineRange): number {
  let sum = 0;
  if (scale === 0) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (Math.abs(value) < Infinity) sum += value * value;
    }
    return sum;
  }
  const [least, most] = [minCode - zeroPoint, maxCode - zeroPoint];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(Math.abs(value) < Infinity)) continue;
    const steps = value / scale;
    const code = steps <= least ? least : steps >= most ? most : steps + rounder - rounder;
    const error = code * scale - value;
    sum += error * error;
  }
  return sum;
}
