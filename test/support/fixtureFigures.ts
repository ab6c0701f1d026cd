import assert from "node:assert/strict";
import type { TensorStats } from "../../src/core/measure/reports";
import type { FixtureTensor } from "./fixtureIndex";

/** Where the statistics of a tensor differ from those of the reference: least, largest and mean value, what is not finite. */
export function figureMismatches(stats: TensorStats | undefined, expected: FixtureTensor, where: string): string[] {
  if (expected.mean === undefined) return [];
  if (!stats) return [`${where}: no statistics`];
  const inf = (expected.posinf ?? 0) + (expected.neginf ?? 0);
  return [
    ...(["min", "max", "mean"] as const).flatMap((figure) => {
      const [found, value] = [Number(stats[figure]), Number(expected[figure])];
      const tolerance = 1e-12 * Math.max(Math.abs(stats.max ?? 0), Math.abs(stats.min ?? 0), Math.abs(value));
      return Math.abs(found - value) <= tolerance ? [] : [`${where}: ${figure} ${found}, not ${value}`];
    }),
    ...(stats.nan === (expected.nan ?? 0) ? [] : [`${where}: ${stats.nan} NaN`]),
    ...(stats.inf === inf ? [] : [`${where}: ${stats.inf} infinite`]),
  ];
}

/** Compares the statistics of a tensor with those of the reference. */
export function checkFigures(stats: TensorStats | undefined, expected: FixtureTensor, where: string): void {
  assert.deepEqual(figureMismatches(stats, expected, where), []);
}
