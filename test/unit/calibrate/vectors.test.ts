import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { leastDivergence } from "../../../src/core/calibrate/entropy";
import { magnitudeBins } from "../../../src/core/calibrate/magnitudes";
import { leastSquares } from "../../../src/core/calibrate/mse";
import { onnxEntropy } from "../../../src/core/calibrate/onnxEntropy";
import { percentile } from "../../../src/core/calibrate/percentile";
import { Histogram } from "../../../src/core/measure/histogram";
import { calibrationValues } from "../../support/calibrationValues";

interface EntropyVector {
  candidates: number;
  argmin: number;
  kl_min: number;
  kl_last: number;
  threshold: [number, number];
}

interface Case {
  min: number;
  max: number;
  ort_entropy_128_128: EntropyVector;
  ort_entropy_2048_128: EntropyVector;
  ort_percentile_sym: { percentile: number; idx: number; edge: number }[];
  pq_percentile: { percentile: number; edge: number }[];
  pq_entropy: { bin: number; amax: number; kl_min: number; kl_first: number; kl_last: number };
  pq_mse: { bin: number; amax: number; mse_min: number };
  hist2048_abs: number[];
}

const golden = JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/calibration_golden.json"), "utf8")) as {
  cases: Record<"signed" | "relu", Case>;
};

const close = (found: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${what}: ${found}, expected ${expected}`);

for (const kind of ["signed", "relu"] as const) {
  const vector = golden.cases[kind];
  describe(`calibration of ${kind} values`, () => {
    const x = calibrationValues(kind);
    const max = Math.max(Math.abs(vector.min), vector.max);
    const histogram = new Histogram({ low: 0, high: max }, magnitudeBins);
    for (const value of x) histogram.addValue(Math.abs(value), 1);
    const magnitudes = { max, counts: histogram.state() };

    it("starts from the same histogram", () => {
      assert.deepEqual(magnitudes.counts, vector.hist2048_abs);
    });

    it("percentiles", () => {
      for (const { percentile: percent, edge } of vector.pq_percentile) {
        close(percentile(magnitudes, percent).threshold, edge, 1e-7, `${percent}`);
      }
      // Its edges are those of a histogram that grew by batches: the same bins, other last digits.
      for (const { percentile: percent, edge, idx } of vector.ort_percentile_sym) {
        const { threshold } = percentile(magnitudes, percent);
        assert.ok(Math.abs(threshold - edge) <= 1e-6 * max);
        assert.equal(Math.round((threshold / max) * magnitudeBins), idx);
      }
    });

    it("mean squared error", () => {
      const { threshold, curve } = leastSquares(magnitudes, 8);
      close(threshold, vector.pq_mse.amax, 1e-6, "amax");
      close(Math.min(...curve!.map(({ loss }) => loss)), vector.pq_mse.mse_min, 1e-3, "loss");
    });

    it("entropy as pytorch-quantization", () => {
      const { threshold, curve } = leastDivergence(magnitudes, 8);
      close(threshold, vector.pq_entropy.amax, 1e-6, "amax");
      close(curve!.find((candidate) => candidate.threshold === threshold)!.loss, vector.pq_entropy.kl_min, 1e-6, "least");
      close(curve![0]!.loss, vector.pq_entropy.kl_first, 1e-6, "first");
      close(curve!.at(-1)!.loss, vector.pq_entropy.kl_last, 1e-6, "last");
    });

    for (const [bins, expected] of [
      [128, vector.ort_entropy_128_128],
      [2048, vector.ort_entropy_2048_128],
    ] as const) {
      it(`entropy as ONNX Runtime, ${bins} bins`, () => {
        const signed = new Histogram({ low: -max, high: max }, bins);
        for (const value of x) signed.addValue(value, 1);
        const { low, high, curve } = onnxEntropy(signed.result(), 128, { low: vector.min, high: vector.max });
        assert.equal(curve.length, expected.candidates);
        assert.ok(
          Math.abs(low - expected.threshold[0]) <= 1e-6 * max && Math.abs(high - expected.threshold[1]) <= 1e-6 * max,
          `${low} ${high}`,
        );
        assert.ok(Math.abs(Math.min(...curve) - expected.kl_min) <= 1e-6, String(Math.min(...curve)));
        assert.ok(Math.abs(curve.at(-1)! - expected.kl_last) <= 1e-6);
      });
    }
  });
}
