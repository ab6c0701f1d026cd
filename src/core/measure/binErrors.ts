import type { Accumulator } from "./accumulator";

/** Squared errors by bin of the original value, and how many values fell there. */
export interface BinErrorTotals {
  squares: ArrayLike<number>;
  counts: ArrayLike<number>;
}

/** Where in its range a tensor is damaged: the root mean squared error of each bin of its histogram. */
export class BinErrors implements Accumulator<BinErrorTotals, (number | null)[], BinErrorTotals> {
  private readonly squares: number[];
  private readonly counts: number[];

  constructor(private readonly bins: number) {
    this.squares = new Array<number>(bins).fill(0);
    this.counts = new Array<number>(bins).fill(0);
  }

  add({ squares, counts }: BinErrorTotals): void {
    for (let bin = 0; bin < this.bins; bin++) {
      this.squares[bin]! += squares[bin]!;
      this.counts[bin]! += counts[bin]!;
    }
  }

  merge(state: BinErrorTotals): void {
    this.add(state);
  }

  state(): BinErrorTotals {
    return { squares: [...this.squares], counts: [...this.counts] };
  }

  /** Null where a bin is empty. */
  result(): (number | null)[] {
    return this.squares.map((sum, bin) => (this.counts[bin]! > 0 ? Math.sqrt(sum / this.counts[bin]!) : null));
  }
}
