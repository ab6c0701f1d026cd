import { ErrorSums, type ErrorTotals } from "../core/measure/errorSums";
import type { ErrorFigures } from "../core/measure/reports";
import { findScheme } from "../core/quant/registry";
import type { Scheme } from "../core/quant/scheme";
import { countValues } from "../core/tensor/tensorInfo";

/** A scheme that was asked for and the one that stores a given shape. */
export interface UsedScheme {
  asked: Scheme;
  /** Another one where `asked` is not applicable, as llama-quantize would choose. */
  used: Scheme;
}

/** What stores a tensor of a shape (row-major) when a scheme is asked for. */
export function usedScheme(asked: Scheme, shape: readonly number[]): UsedScheme {
  const applicable = asked.applicable(shape);
  return { asked, used: applicable === true ? asked : findScheme(applicable.fallback) };
}

/** The error columns of one tensor. */
export function errorFigures({ asked, used }: UsedScheme, shape: readonly number[], totals: ErrorTotals): ErrorFigures {
  const bytes = used.bytes(shape);
  const figures = pooledFigures(totals, bytes, countValues(shape));
  return asked === used ? figures : { ...figures, fallback: used.id };
}

/** The error columns of values that take `bytes` in all. */
export function pooledFigures(totals: ErrorTotals, bytes: number, values: number): ErrorFigures {
  const sums = new ErrorSums();
  sums.add(totals);
  return { ...sums.result(), bitsPerWeight: values > 0 ? (8 * bytes) / values : 0, bytes };
}
