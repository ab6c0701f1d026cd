import assert from "node:assert/strict";
import fc from "fast-check";
import type { PreviewReport } from "../../../src/jobs/contract";
import { linearTicks, logTicks, tickDecimals } from "../../../webview/charts/axisTicks";
import { binAt, figureModel, outline } from "../../../webview/charts/figureModel";

function report(patch: Partial<PreviewReport> = {}): PreviewReport {
  const figures = { min: -1, mean: 0, std: 0.5, max: 1, zero: 0, nan: 0, inf: 0 };
  return {
    scheme: "int4",
    sampled: false,
    share: 1,
    before: { min: -1, max: 1, counts: [10, 40, 40, 10] },
    after: { min: -1, max: 1, counts: [0, 60, 30, 10] },
    binRmse: [0.3, 0.1, 0.2, null],
    beforeFigures: figures,
    afterFigures: figures,
    errors: { mae: 0, rmse: 0.15, maxError: 0, relativeRmse: 0, sqnrDb: 0, within5: 0, cosine: 1, bitsPerWeight: 4, bytes: 1 },
    ...patch,
  };
}

describe("figure model", () => {
  it("puts both histograms on the same bins and leaves out errors of thin bins", () => {
    const model = figureModel(report());
    assert.deepEqual(
      model.bins.map(({ before, after, error }) => [before, after, error]),
      [
        [10, 0, null],
        [40, 60, 0.1],
        [40, 30, 0.2],
        [10, 10, null],
      ],
    );
    assert.deepEqual([model.low, model.high, model.maxCount, model.maxError], [-1, 1, 60, 0.2]);
  });

  it("draws spikes only when every level has a bin of its own", () => {
    assert.deepEqual(figureModel(report({ levels: [-0.9, -0.3, 0.4, 0.9] })).spikes, [
      { x: -0.3, y: 60 },
      { x: 0.4, y: 30 },
      { x: 0.9, y: 10 },
    ]);
    assert.equal(figureModel(report({ levels: [-0.3, -0.2] })).spikes, undefined);
    assert.equal(figureModel(report({ levels: Array.from({ length: 65 }, (_, index) => index) })).spikes, undefined);
    assert.equal(figureModel(report()).spikes, undefined);
  });

  it("has an axis that reaches as far as levels beyond the values do", () => {
    assert.deepEqual(figureModel(report({ levels: [-1.1, -0.3, 0.4, 0.9] })).axis, [-1, 1]);
    const after = { min: -1, max: 1, counts: [5, 60, 30, 10] };
    assert.deepEqual(figureModel(report({ levels: [-1.1, -0.3, 0.4, 0.9], after })).axis, [-1.1, 1]);
  });

  it("outlines from base line to base line", () => {
    const points = outline(figureModel(report()), "after", 0.7);
    assert.deepEqual(points[0], { x: -1, y: 0.7 });
    assert.deepEqual(points[points.length - 1], { x: 1, y: 0.7 });
    assert.ok(points.every(({ y }) => y >= 0.7));
  });

  it("gives a constant tensor some room", () => {
    const model = figureModel(report({ before: { min: 2, max: 2, counts: [5] }, after: { min: 2, max: 2, counts: [5] }, binRmse: [0] }));
    assert.ok(model.low < 2 && model.high > 2);
  });

  it("finds the bin of every value inside", () => {
    const model = figureModel(report());
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (value) => {
        const bin = model.bins[binAt(model, value)]!;
        assert.ok(value >= bin.low - 1e-12 && value <= bin.high + 1e-12);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe("axis ticks", () => {
  it("are round, inside, and at most a few", () => {
    assert.deepEqual(linearTicks(-0.228, 0.229, 5), [-0.2, -0.1, 0, 0.1, 0.2]);
    assert.deepEqual(linearTicks(0, 0.0072, 3), [0, 0.0025, 0.005]);
    assert.deepEqual(linearTicks(1, 1, 5), []);
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (low, span) => {
        const ticks = linearTicks(low, low + span, 5);
        assert.ok(ticks.length <= 11);
        assert.ok(ticks.every((tick) => tick >= low - span * 1e-6 && tick <= low + span * (1 + 1e-6)));
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it("of a log axis are powers of ten, thinned out", () => {
    assert.deepEqual(logTicks(27_000, 5), [1, 10, 100, 1000, 10_000]);
    assert.deepEqual(logTicks(2e9, 5), [1, 100, 10_000, 1_000_000, 100_000_000]);
    assert.deepEqual(logTicks(0, 5), [1]);
  });

  it("have the decimals that tell them apart", () => {
    assert.equal(tickDecimals([0, 0.0025, 0.005]), 4);
    assert.equal(tickDecimals([-0.2, -0.1, 0]), 1);
    assert.equal(tickDecimals([0, 1e-7, 2e-7]), undefined);
  });
});
