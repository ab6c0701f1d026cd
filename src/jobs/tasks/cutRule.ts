import { isAffineScheme, isValueScheme } from "../../core/quant/registry";
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
  const columns = Math.max(1, shape.at(-1) ?? 1);
  if (isValueScheme(scheme)) return { unit: scheme.cut === "row" ? columns : scheme.cut, longRows: false };
  if (!isAffineScheme(scheme)) return { unit: scheme.blockSize, longRows: false };
  if (scheme.granularity.kind === "tensor") return { unit: 1, longRows: false };
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

/**
 * Parts of a list whose cut rules go together: chunks that suit all of a part hold no more values than there is room for.
 * Nearly always one part.
 */
export function fittingGroups<T extends { rule: CutRule }>(dtype: string, all: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const one of all) {
    const group = groups.find(
      (known) =>
        commonUnit(
          dtype,
          [...known, one].map(({ rule }) => rule),
        ) <= mostChunkValues,
    );
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** Of positive whole numbers, by Euclid's algorithm. */
export function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
