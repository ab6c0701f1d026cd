import assert from "node:assert/strict";
import type { ErrorFigures } from "../../src/core/measure/reports";
import { assertClose } from "./kernelMemory";

/** Sums over the finite values x of a tensor and what they become, y; e = x − y. */
export interface PooledErrors extends Record<"count" | "absolute" | "square" | "largest" | "within5", number> {
  /** Σx·y, Σx², Σy² */
  product: number;
  squareX: number;
  squareY: number;
}

/** Sums over pairs of a value and what stands for it, in float64. */
export function poolErrors(x: Float32Array, y: Float32Array): PooledErrors {
  const sums = { count: 0, absolute: 0, square: 0, largest: 0, within5: 0, product: 0, squareX: 0, squareY: 0 };
  for (let i = 0; i < x.length; i++) {
    const error = Math.abs(x[i]! - y[i]!);
    sums.count++;
    sums.absolute += error;
    sums.square += error * error;
    sums.largest = Math.max(sums.largest, error);
    if (error <= 0.05 * Math.abs(x[i]!)) sums.within5++;
    sums.product += x[i]! * y[i]!;
    sums.squareX += x[i]! ** 2;
    sums.squareY += y[i]! ** 2;
  }
  return sums;
}

/** Errors over the values of all tensors together. */
export function totalErrors(parts: readonly PooledErrors[]): PooledErrors {
  const total = { count: 0, absolute: 0, square: 0, largest: 0, within5: 0, product: 0, squareX: 0, squareY: 0 };
  for (const part of parts) {
    for (const key of Object.keys(total) as (keyof PooledErrors)[]) {
      total[key] = key === "largest" ? Math.max(total.largest, part.largest) : total[key] + part[key];
    }
  }
  return total;
}

/** The columns of the error table, by their definitions; null where a division by zero or a logarithm of it would be. */
function figures({
  count,
  absolute,
  square,
  largest,
  within5,
  product,
  squareX,
  squareY,
}: PooledErrors): Omit<ErrorFigures, "bytes" | "bitsPerWeight"> {
  const rmse = Math.sqrt(square / count);
  const rms = Math.sqrt(squareX / count);
  return {
    mae: absolute / count,
    rmse,
    maxError: largest,
    relativeRmse: rms > 0 ? rmse / rms : null,
    sqnrDb: rms > 0 && rmse > 0 ? 20 * Math.log10(rms / rmse) : null,
    within5: within5 / count,
    cosine: squareX > 0 && squareY > 0 ? product / (Math.sqrt(squareX) * Math.sqrt(squareY)) : null,
  };
}

/**
 * Asserts that every column equals what the reference's sums and bytes make of it, to 1e-6 relative.
 *
 * @param values of the tensor, not finite ones included
 */
export function checkErrors(actual: ErrorFigures, pooled: PooledErrors, bytes: number, values: number, where: string): void {
  const expected: Omit<ErrorFigures, "fallback"> = { ...figures(pooled), bytes, bitsPerWeight: (8 * bytes) / values };
  for (const [key, reference] of Object.entries(expected) as [keyof typeof expected, number | null][]) {
    const found = actual[key] ?? null;
    if (found === null || reference === null) assert.equal(found, reference, `${where}: ${key}`);
    else assertClose(found, reference, 1e-6, `${where}: ${key}`);
  }
}
