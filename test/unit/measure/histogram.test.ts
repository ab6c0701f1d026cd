import assert from "node:assert/strict";
import fc from "fast-check";
import { binIndex, binRange, constantHistogram, Histogram } from "../../../src/core/measure/histogram";
import { histogram as kernelTwin } from "../../../src/kernels/plain/histogram";

describe("the histogram", () => {
  it("has its last bin closed and the others open at their end", () => {
    const histogram = new Histogram(binRange(0, 4), 4);
    for (const value of [0, 0.5, 1, 2, 3, 3.5, 4]) histogram.addValue(value, 1);
    assert.deepEqual(histogram.result(), { min: 0, max: 4, counts: [2, 1, 1, 3] });
  });

  it("bins as the kernels do", () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 4096 }), (a, b, at, bins) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(low < high);
        const value = Math.fround(Math.min(high, Math.max(low, low + at * (high - low))));
        const counts = new Uint32Array(bins);
        kernelTwin(Float32Array.of(value), low, high, counts);
        assert.equal(binIndex(value, { low, high }, bins), counts.indexOf(1));
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it("merges by adding", () => {
    const range = binRange(-1, 1);
    const [a, b, both] = [new Histogram(range, 8), new Histogram(range, 8), new Histogram(range, 8)];
    for (let i = 0; i <= 100; i++) {
      const value = -1 + i / 50;
      (i % 3 === 0 ? a : b).addValue(value, i);
      both.addValue(value, i);
    }
    b.merge(a.state());
    assert.deepEqual(b.result(), both.result());
  });

  it("gives equal values a range of width 1, as NumPy does, whatever their size", () => {
    assert.deepEqual(constantHistogram({ finite: 5, min: 2 }, 4), { min: 1.5, max: 2.5, counts: [0, 0, 5, 0] });
    assert.deepEqual(constantHistogram({ finite: 5, min: 1e30 }, 4)!.counts, [0, 0, 5, 0]);
    assert.equal(constantHistogram({ finite: 0, min: Infinity }, 4), null);
  });
});
