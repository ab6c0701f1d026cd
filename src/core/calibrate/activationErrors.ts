import type { Accumulator } from "../measure/accumulator";
import { type AffineRange, affineRange } from "../quant/affineArithmetic";
import type { ActivationRows } from "./activations";

/** Sums of squared errors of quantized activations. */
export interface ErrorState {
  /** Finite values. */
  values: number;
  /** Of each static range. */
  fixed: Float64Array;
  /** With a range of its own for each token. */
  dynamic: number;
  /** Squares of the values themselves. */
  signal: number;
}

/**
 * Measures what static quantization with some ranges does to activations, and what dynamic quantization would do, for which every
 * token's range is found when it comes (asymmetric, of the same number of bits).
 */
export class ActivationErrors implements Accumulator<ActivationRows, ErrorState, ErrorState> {
  private values = 0;
  private readonly fixed: Float64Array;
  private dynamic = 0;
  private signal = 0;

  constructor(
    readonly columns: number,
    private readonly ranges: readonly AffineRange[],
    private readonly bits: number,
  ) {
    this.fixed = new Float64Array(ranges.length);
  }

  add({ values, rows }: ActivationRows): void {
    for (let row = 0; row < rows; row++) {
      const token = values.subarray(row * this.columns, (row + 1) * this.columns);
      let [low, high] = [0, 0];
      for (let i = 0; i < token.length; i++) {
        const value = token[i]!;
        if (!(Math.abs(value) < Infinity)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
        this.values++;
        this.signal += value * value;
      }
      this.dynamic += squaredError(token, affineRange(low, high, this.bits, false));
    }
    const all = values.subarray(0, rows * this.columns);
    this.ranges.forEach((range, i) => (this.fixed[i]! += squaredError(all, range)));
  }

  merge(state: ErrorState): void {
    this.values += state.values;
    for (let i = 0; i < this.fixed.length; i++) this.fixed[i]! += state.fixed[i]!;
    this.dynamic += state.dynamic;
    this.signal += state.signal;
  }

  state(): ErrorState {
    return { values: this.values, fixed: this.fixed.slice(), dynamic: this.dynamic, signal: this.signal };
  }

  result(): ErrorState {
    return this.state();
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
