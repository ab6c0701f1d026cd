import type { FloatLosses } from "./floatLosses";
import type { Accumulator } from "./accumulator";

/** Sums over pairs of a finite value x and its approximation y; e = x − y. */
export interface ErrorTotals {
  count: number;
  /** Σ|e| */
  absolute: number;
  /** Σe² */
  square: number;
  /** max|e| */
  largest: number;
  /** Pairs with |e| ≤ 0.05·|x|. */
  within5: number;
  /** Σx·y */
  product: number;
  /** Σx² */
  squareX: number;
  /** Σy² */
  squareY: number;
  /** The same under the weights of an importance matrix, where there is one for the tensor. */
  weighted?: WeightedTotals;
  /** Of values that were stored in a float type. */
  losses?: FloatLosses;
}

/** Sums under importance weights w. */
export interface WeightedTotals {
  /** Σw */
  weight: number;
  /** Σw·e² */
  square: number;
  /** Σw·x² */
  squareX: number;
}

/** The error columns that follow from the values alone. */
export interface ValueErrors {
  mae: number | null;
  rmse: number | null;
  maxError: number | null;
  /** rmse / rms(x). */
  relativeRmse: number | null;
  /** 20·log10(rms(x) / rmse); null when rmse is 0 (infinite). */
  sqnrDb: number | null;
  /** Share of values with |x − x̂| ≤ 0.05·|x|. */
  within5: number | null;
  cosine: number | null;
  /** √(Σw·e² / Σw) under the weights of an importance matrix; absent without one. */
  weightedRmse?: number | null;
  /** √(Σw·e² / Σw·x²). */
  weightedRelativeRmse?: number | null;
  /** Finite values too large for a float type, and values other than 0 that became 0; of float types only. */
  overflow?: number;
  underflow?: number;
}

/** Totals of nothing. */
export function emptyErrorTotals(): ErrorTotals {
  return { count: 0, absolute: 0, square: 0, largest: 0, within5: 0, product: 0, squareX: 0, squareY: 0 };
}

/** Totals of values that a type could not be measured on: no figure follows from them, nor from anything that they are pooled with. */
export function unmeasurableTotals(count: number, isWeighted: boolean): ErrorTotals {
  const weighted = isWeighted ? { weighted: { weight: NaN, square: NaN, squareX: NaN } } : {};
  return { count, absolute: NaN, square: NaN, largest: NaN, within5: NaN, product: NaN, squareX: NaN, squareY: NaN, ...weighted };
}

/** Errors of approximated values, pooled over everything that is added: blocks, tensors, machines. */
export class ErrorSums implements Accumulator<ErrorTotals, ValueErrors, ErrorTotals> {
  private readonly total = emptyErrorTotals();

  add(block: ErrorTotals): void {
    this.merge(block);
  }

  merge(other: ErrorTotals): void {
    const { total } = this;
    total.count += other.count;
    total.absolute += other.absolute;
    total.square += other.square;
    total.largest = Math.max(total.largest, other.largest);
    total.within5 += other.within5;
    total.product += other.product;
    total.squareX += other.squareX;
    total.squareY += other.squareY;
    if (other.losses) {
      const losses = (total.losses ??= { overflow: 0, underflow: 0 });
      losses.overflow += other.losses.overflow;
      losses.underflow += other.losses.underflow;
    }
    if (!other.weighted) return;
    const weighted = (total.weighted ??= { weight: 0, square: 0, squareX: 0 });
    weighted.weight += other.weighted.weight;
    weighted.square += other.weighted.square;
    weighted.squareX += other.weighted.squareX;
  }

  state(): ErrorTotals {
    const { weighted, losses } = this.total;
    return { ...this.total, ...(losses ? { losses: { ...losses } } : {}), ...(weighted ? { weighted: { ...weighted } } : {}) };
  }

  result(): ValueErrors {
    const { count, absolute, square, largest, within5, product, squareX, squareY, weighted, losses } = this.total;
    if (count === 0) {
      return { mae: null, rmse: null, maxError: null, relativeRmse: null, sqnrDb: null, within5: null, cosine: null };
    }
    const comparable = square > 0 && squareX > 0;
    const norms = Math.sqrt(squareX) * Math.sqrt(squareY);
    return {
      mae: absolute / count,
      rmse: Math.sqrt(square / count),
      // Comparisons pass over what became NaN, sums do not.
      maxError: Number.isNaN(absolute) ? NaN : largest,
      relativeRmse: squareX > 0 ? Math.sqrt(square / squareX) : null,
      sqnrDb: comparable ? 10 * Math.log10(squareX / square) : null,
      within5: within5 / count,
      cosine: norms > 0 ? product / norms : null,
      ...(weighted ? weightedFigures(weighted) : {}),
      ...losses,
    };
  }
}

function weightedFigures({ weight, square, squareX }: WeightedTotals): Pick<ValueErrors, "weightedRmse" | "weightedRelativeRmse"> {
  return {
    weightedRmse: weight > 0 ? Math.sqrt(square / weight) : null,
    weightedRelativeRmse: squareX > 0 ? Math.sqrt(square / squareX) : null,
  };
}
