import type { Accumulator } from "../measure/accumulator";
import { type GrowingCounts, GrowingHistogram } from "./growingHistogram";
import { OrderedSums } from "./orderedSums";

/** Rows that enter a linear layer. */
export interface ActivationRows {
  /** Row-major. */
  readonly values: Float32Array;
  readonly rows: number;
}

/** What was seen of the inputs of a linear layer. */
export interface ActivationFigures {
  /** Tokens. */
  rows: number;
  /** NaN and infinite values, which take no part in anything else. */
  nonFinite: number;
  /** Least and greatest value; ±Infinity before the first. */
  min: number;
  max: number;
  histogram: GrowingCounts;
  /** Greatest magnitude of each column. */
  channelMax: Float32Array;
  /** Sum of the squares of each column: an importance matrix has their means. */
  channelSquares: Float64Array;
}

/** The same on its way: sums of each run of tokens. */
export interface ActivationState extends Omit<ActivationFigures, "channelSquares"> {
  channelSquares: Float64Array[];
}

/** Takes all figures of the inputs of a linear layer that calibrators, importance matrices and SmoothQuant need, in one pass. */
export class ActivationAccumulator implements Accumulator<ActivationRows, ActivationFigures, ActivationState> {
  private rows = 0;
  private nonFinite = 0;
  private min = Infinity;
  private max = -Infinity;
  private readonly histogram = new GrowingHistogram();
  private readonly channelMax: Float32Array;
  private readonly channelSquares: OrderedSums;

  constructor(readonly columns: number) {
    this.channelMax = new Float32Array(columns);
    this.channelSquares = new OrderedSums(columns);
  }

  add({ values, rows }: ActivationRows): void {
    const { columns, channelMax } = this;
    const channelSquares = this.channelSquares.current();
    let { min, max } = this;
    for (let row = 0; row < rows; row++) {
      const start = row * columns;
      for (let column = 0; column < columns; column++) {
        const value = values[start + column]!;
        const magnitude = Math.abs(value);
        if (!(magnitude < Infinity)) {
          this.nonFinite++;
          continue;
        }
        if (value < min) min = value;
        if (value > max) max = value;
        if (magnitude > channelMax[column]!) channelMax[column] = magnitude;
        channelSquares[column]! += value * value;
      }
    }
    this.min = min;
    this.max = max;
    this.rows += rows;
    this.histogram.add(values.subarray(0, rows * columns));
  }

  merge(state: ActivationState): void {
    this.rows += state.rows;
    this.nonFinite += state.nonFinite;
    this.min = Math.min(this.min, state.min);
    this.max = Math.max(this.max, state.max);
    this.histogram.merge(state.histogram);
    for (let column = 0; column < this.columns; column++) {
      this.channelMax[column] = Math.max(this.channelMax[column]!, state.channelMax[column]!);
    }
    this.channelSquares.merge(state.channelSquares);
  }

  endRun(): void {
    this.channelSquares.endRun();
  }

  state(): ActivationState {
    return { ...this.plain(), channelSquares: this.channelSquares.state() };
  }

  result(): ActivationFigures {
    return { ...this.plain(), channelSquares: this.channelSquares.total() };
  }

  private plain(): Omit<ActivationState, "channelSquares"> {
    const { rows, nonFinite, min, max, channelMax } = this;
    return { rows, nonFinite, min, max, histogram: this.histogram.state(), channelMax: channelMax.slice() };
  }
}
