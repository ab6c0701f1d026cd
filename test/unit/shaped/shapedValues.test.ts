import assert from "node:assert/strict";
import { distributionKinds, drawValues, type ShapedData, shapedRun, shapedScale } from "../../../src/core/shaped/shapedValues";

const usual: ShapedData = { distribution: "normal", freedom: 5, shift: 0, outlierShare: 0, outlierFactor: 10, rows: 256, seed: 1 };

function drawn(patch: Partial<ShapedData>, count = 4 * shapedRun): Float32Array {
  const values = new Float32Array(count);
  drawValues({ ...usual, ...patch }, 0, values);
  return values;
}

/** Mean, standard deviation and kurtosis. */
function moments(values: Float32Array): { mean: number; std: number; kurtosis: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const power = (k: number): number => values.reduce((sum, value) => sum + (value - mean) ** k, 0) / values.length;
  return { mean, std: Math.sqrt(power(2)), kurtosis: power(4) / power(2) ** 2 };
}

function near(value: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(value - expected) <= tolerance, `${what}: ${value}, expected ${expected} ± ${tolerance}`);
}

describe("shaped values", () => {
  // Spread and tails that the distributions have: kurtosis 3, 6 and 9/5; Student's t with 5 degrees has a variance of 5/3.
  const expected = { normal: [1, 3, 0.05], laplace: [1, 6, 0.3], uniform: [1, 1.8, 0.02] } as const;
  for (const [distribution, [std, kurtosis, tolerance]] of Object.entries(expected)) {
    it(`are ${distribution}`, () => {
      const found = moments(drawn({ distribution: distribution as ShapedData["distribution"] }));
      near(found.mean / shapedScale, 0, 0.01, "mean");
      near(found.std / shapedScale, std, 0.01, "standard deviation");
      near(found.kurtosis, kurtosis, tolerance, "kurtosis");
    });
  }

  it("follow Student's t, with tails as heavy as its degrees of freedom say", () => {
    near(moments(drawn({ distribution: "student", freedom: 5 })).std / shapedScale, Math.sqrt(5 / 3), 0.02, "standard deviation");
    // P(|t| > 12.706) = 0.05 for one degree, P(|t| > 2.0423) = 0.05 for thirty.
    for (const [freedom, quantile] of [
      [1, 12.706],
      [30, 2.0423],
    ] as const) {
      const values = drawn({ distribution: "student", freedom });
      const beyond = values.filter((value) => Math.abs(value) > quantile * shapedScale).length / values.length;
      near(beyond, 0.05, 0.002, `share beyond the quantile of ${freedom} degrees`);
    }
  });

  it("are the same for the same seed, whatever part is drawn, and others for another", () => {
    for (const distribution of distributionKinds) {
      const whole = drawn({ distribution });
      const part = new Float32Array(shapedRun);
      drawValues({ ...usual, distribution }, 2 * shapedRun, part);
      assert.deepEqual(part, whole.subarray(2 * shapedRun, 3 * shapedRun));
      assert.ok(whole.every(Number.isFinite));
      const other = drawn({ distribution, seed: 2 });
      assert.ok(whole.filter((value, i) => value === other[i]).length < whole.length / 100);
    }
  });

  it("have no run in common with another run or seed", () => {
    const first = new Set(drawn({}).subarray(0, 1000));
    assert.ok(
      drawn({})
        .subarray(shapedRun, shapedRun + 1000)
        .filter((value) => first.has(value)).length < 10,
    );
  });

  it("shift by multiples of their scale", () => {
    near(moments(drawn({ shift: 2 })).mean, 2 * shapedScale, shapedScale / 100, "mean");
  });

  it("have as many outliers as asked for, so many times as far from the centre", () => {
    const inner = Math.sqrt(3) * shapedScale * (1 + 1e-6);
    const values = drawn({ distribution: "uniform", shift: 0, outlierShare: 0.01, outlierFactor: 20 });
    const beyond = values.filter((value) => Math.abs(value) > inner);
    near(beyond.length / values.length, 0.01 * (1 - 1 / 20), 0.001, "share");
    assert.ok(values.every((value) => Math.abs(value) <= 20 * inner));
    assert.equal(drawn({ distribution: "uniform" }).filter((value) => Math.abs(value) > inner).length, 0);
  });
});
