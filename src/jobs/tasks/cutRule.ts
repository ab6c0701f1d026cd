import { isAffineScheme } from "../../core/quant/registry";
import type { Scheme } from "../../core/quant/scheme";
import { findDType } from "../../core/tensor/dtype";
import { mostChunkValues } from "./workspace";

/** How a tensor may be cut without changing what a scheme makes of it. */
export interface CutRule {
  /** Values between possible cuts. */
  unit: number;
  /** Whether ranges run along rows that are longer than a chunk: such rows are gone through twice. */
  longRows: boolean;
}

/** @param shape of a tensor to which the scheme is applicable */
export function cutRule(scheme: Scheme, shape: readonly number[]): CutRule {
  if (!isAffineScheme(scheme)) return { unit: scheme.blockSize, longRows: false };
  if (scheme.granularity.kind === "tensor") return { unit: 1, longRows: false };
  const columns = Math.max(1, shape.at(-1) ?? 1);
  return { unit: columns, longRows: columns > mostChunkValues };
}

/** Values between cuts that suit several schemes and the stored type. */
export function commonUnit(dtype: string, rules: readonly CutRule[]): number {
  return rules.reduce((unit, rule) => leastCommonMultiple(unit, rule.unit), findDType(dtype)?.blockSize ?? 1);
}

/** Whether a scheme has one range for the whole tensor. */
export function needsTensorRange(scheme: Scheme): boolean {
  return isAffineScheme(scheme) && scheme.granularity.kind === "tensor";
}

export function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
