import assert from "node:assert/strict";
import { sparkBins, sparkCounts, sparkOf } from "../../../src/core/measure/spark";

const points = (values: readonly number[]) => ({ low: values, high: values, count: values.map(() => 1) });

describe("the small histogram", () => {
  it("spans five standard deviations on each side of the mean", () => {
    const counts = sparkCounts(points([-4.99, -5.01, 0.01, 4.99, 5.01]), 0, 1);
    assert.equal(counts.length, sparkBins);
    assert.deepEqual([counts[0], counts[20], counts[39]], [1, 1, 1]);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      3,
    );
  });

  it("shares a run of values out by length", () => {
    const counts = sparkCounts({ low: [0], high: [0.5], count: [100] }, 0, 1);
    assert.deepEqual(counts.slice(19, 23), [0, 50, 50, 0]);
    const all = sparkCounts({ low: [-10], high: [10], count: [8000] }, 0, 1);
    assert.deepEqual(new Set(all), new Set([100]));
  });

  it("shows a constant as one bar in the middle", () => {
    const counts = sparkCounts(points([3, 3, 3]), 3, 0);
    assert.equal(counts[sparkBins / 2], 3);
  });

  it("can be made from a large histogram", () => {
    const stats = { mean: 0, std: 1, histogram: { min: -5, max: 5, counts: [10, 20, 40, 10] } };
    const counts = sparkOf(stats);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      80,
    );
    assert.deepEqual([counts[0], counts[10], counts[20], counts[30]], [1, 2, 4, 1]);
    assert.deepEqual(new Set(sparkOf({ mean: null, std: null, histogram: null })), new Set([0]));
  });
});
