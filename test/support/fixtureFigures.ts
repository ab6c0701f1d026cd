import assert from "node:assert/strict";
import type { TensorStats } from "../../src/core/measure/reports";
import type { FixtureTensor } from "./fixtureIndex";

/** Compares the statistics of a tensor with those of the reference: least, largest and mean value, what is not finite. */
export function checkFigures(stats: TensorStats | undefined, expected: FixtureTensor, where: string): void {
  for (const figure of ["min", "max", "mean"] as const) {
    const value = expected[figure];
    if (value === undefined) continue;
    assert.ok(stats, `${where}: no statistics`);
    const found = Number(stats[figure]);
    const tolerance = 1e-12 * Math.max(Math.abs(stats.max ?? 0), Math.abs(stats.min ?? 0), Math.abs(Number(value)));
    assert.ok(Math.abs(found - Number(value)) <= tolerance, `${where}: ${figure} ${found}, not ${value}`);
  }
  if (!stats || expected.mean === undefined) return;
  assert.equal(stats.nan, expected.nan ?? 0, where);
  assert.equal(stats.inf, (expected.posinf ?? 0) + (expected.neginf ?? 0), where);
}
