import assert from "node:assert/strict";
import { ActivationErrors } from "../../../src/core/calibrate/activationErrors";
import { leastDivergence } from "../../../src/core/calibrate/entropy";
import { observedMagnitudes } from "../../../src/core/calibrate/calibrationMethods";
import { GrowingHistogram } from "../../../src/core/calibrate/growingHistogram";
import { thresholdFigures } from "../../../src/core/calibrate/thresholds";
import { affineRange } from "../../../src/core/quant/affineArithmetic";

/** Bell-shaped values with a few that are far larger, as activations are. */
function activations(): Float32Array {
  let state = 2463534242;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: 40_000 }, (_, i) => (draw() + draw() + draw() + draw() - 1.9) * (i % 499 === 0 ? 12 : 1));
}

describe("figures of clipping thresholds", () => {
  const values = activations();
  const histogram = new GrowingHistogram();
  histogram.add(values);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const observed = { low, high, histogram: histogram.state() };

  for (const bits of [8, 4]) {
    it(`error and clipped values of ${bits} bits are those of the values themselves, to the width of a bin`, () => {
      const thresholds = [1, 2.5, 6, 30];
      const figures = thresholdFigures(observed, bits, thresholds);
      figures.forEach((found, i) => {
        const range = { low: Math.max(low, -thresholds[i]!), high: Math.min(high, thresholds[i]!) };
        assert.deepEqual([found.threshold, found.low, found.high], [thresholds[i], range.low, range.high]);
        const codes = affineRange(range.low, range.high, bits, false);
        assert.deepEqual([found.scale, found.zeroPoint], [codes.scale, codes.zeroPoint]);
        const direct = new ActivationErrors(1, [codes], bits);
        direct.add({ values, rows: values.length });
        const mse = direct.result().fixed[0]! / values.length;
        assert.ok(Math.abs(found.mse - mse) <= 0.02 * mse, `${thresholds[i]}: ${found.mse}, of the values ${mse}`);
        const clipped = values.filter((value) => value < range.low || value > range.high).length;
        assert.ok(Math.abs(found.clipped - clipped) <= 0.03 * clipped, `${found.clipped} clipped, of the values ${clipped}`);
      });
    });

    it(`divergence of ${bits} bits is what entropy calibration compares`, () => {
      const { curve } = leastDivergence(observedMagnitudes(observed), bits);
      const chosen = [0, 100, 500, curve!.length - 1].map((i) => curve![i]!);
      const found = thresholdFigures(
        observed,
        bits,
        chosen.map(({ threshold }) => threshold),
      );
      assert.deepEqual(
        found.map(({ divergence }) => divergence),
        chosen.map(({ loss }) => (Number.isFinite(loss) ? loss : null)),
      );
    });
  }

  it("there is no divergence below the first candidate, and none of nothing", () => {
    assert.equal(thresholdFigures(observed, 8, [0.01])[0]!.divergence, null);
    const nothing = { low: 0, high: 0, histogram: new GrowingHistogram().state() };
    const [found] = thresholdFigures(nothing, 8, [1]);
    assert.deepEqual([found!.mse, found!.clipped, found!.divergence], [0, 0, null]);
  });
});
