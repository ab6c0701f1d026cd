import { limits } from "../limits";

/**
 * The product of a shape, or undefined when it cannot be counted exactly or a dimension is beyond the limit. Dimensions
 * of 0 do not excuse others that are absurd: code that multiplies them in another order would overflow.
 */
export function countValuesExactly(shape: readonly number[]): number | undefined {
  let product = 1;
  let hasZero = false;
  for (const dimension of shape) {
    if (!(dimension >= 0 && dimension <= limits.dimension)) return undefined;
    if (dimension === 0) hasZero = true;
    else product *= dimension;
    if (!Number.isSafeInteger(product)) return undefined;
  }
  return hasZero ? 0 : product;
}
