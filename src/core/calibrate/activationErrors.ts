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
  private readonly token: Float64Array;
  /** Many methods and numbers of samples choose the same range: each is measured once. */
  private readonly distinct: readonly AffineRange[];
  /** Of each range, where it is among them. */
  private readonly places: readonly number[];

  constructor(
    readonly columns: number,
    private readonly ranges: readonly AffineRange[],
    private readonly bits: number,
  ) {
    this.sums = new OrderedSums(ranges.length + 2);
    this.token = new Float64Array(columns);
    const keys = ranges.map((range) => JSON.stringify(range));
    const distinct = [...new Set(keys)];
    this.distinct = distinct.map((key) => ranges[keys.indexOf(key)]!);
    this.places = keys.map((key) => distinct.indexOf(key));
  }

  add({ values, rows }: ActivationRows): void {
    const sums = this.sums.current();
    const [dynamic, signal] = [this.ranges.length, this.ranges.length + 1];
    for (let row = 0; row < rows; row++) {
      const count = this.takeFinite(values, row * this.columns);
      let [low, high, square] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const value = this.token[i]!;
        if (value < low) low = value;
        if (value > high) high = value;
        square += value * value;
      }
      this.values += count;
      sums[signal]! += square;
      sums[dynamic]! += squaredError(this.token, count, affineRange(low, high, this.bits, false));
      const errors = this.distinct.map((range) => squaredError(this.token, count, range));
      for (let i = 0; i < this.ranges.length; i++) sums[i]! += errors[this.places[i]!]!;
    }
  }

  /** Takes the finite values of a token to {@link token}, as the float64 that they are measured in. @returns how many */
  private takeFinite(values: Float32Array, start: number): number {
    let count = 0;
    for (let i = start; i < start + this.columns; i++) {
      const value = values[i]!;
      if (Math.abs(value) < Infinity) this.token[count++] = value;
    }
    return count;
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

function squaredError(values: Float64Array, count: number, { scale, zeroPoint, minCode, maxCode }: AffineRange): number {
  // With a scale of 0 every value becomes 0, whatever it is divided by.
  const divisor = scale === 0 ? 1 : scale;
  const [least, most] = [minCode - zeroPoint, maxCode - zeroPoint];
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    const code = Math.min(most, Math.max(least, value / divisor)) + rounder - rounder;
    const error = code * scale - value;
    sum += error * error;
  }
  return sum;
}
