import assert from "node:assert/strict";
import { addExponentialsPlain, attentionWeightsPlain, gatePlain, softCapPlain } from "../../../src/core/model/plainArithmetic";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

function assertNear(actual: Float32Array, expected: Float32Array, bound: number, what: string): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    const distance = Math.abs(value - expected[i]!);
    assert.ok(distance <= bound * Math.max(1, Math.abs(expected[i]!)), `${what}: ${value}, expected ${expected[i]} at ${i}`);
  });
}

describe("the kernels of attention", () => {
  const memory = new KernelMemory();

  it("weigh the keys that a query sees, and no others", () => {
    for (const [columns, stride, first, window] of [
      [1, 8, 0, 0],
      [5, 8, 0, 0],
      [13, 16, 4, 0],
      [16, 16, 7, 3],
      [40, 40, 31, 32],
      [40, 48, 31, 1],
    ] as const) {
      for (const [scale, cap] of [
        [0.125, 0],
        [2, 5],
      ] as const) {
        memory.reset();
        const rows = columns - first;
        const scores = sample("heavy tails", rows * stride, columns);
        const at = memory.place(scores);
        memory.kernels.attentionWeights(at, rows, columns, stride, first, window, scale, cap);
        attentionWeightsPlain({ scores, rows, columns, stride, first, window, scale, cap });
        const found = memory.floats(at, scores.length).slice();
        assertNear(found, scores, 2e-6, `${columns} ${first} ${window} ${cap}`);
        for (let r = 0; r < rows; r++) {
          const row = found.subarray(r * stride, (r + 1) * stride);
          assert.ok(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
          row.forEach((value, key) => assert.ok(key <= first + r || value === 0));
        }
      }
    }
  });

  it("are exact where scores are far apart", () => {
    memory.reset();
    const at = memory.place(Float32Array.of(1000, -1000, 0, 900, 88, -87, 3, 4));
    memory.kernels.attentionWeights(at, 1, 8, 8, 7, 0, 1, 0);
    assert.deepEqual([...memory.floats(at, 8)], [1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("gate, cap and sum exponentials as the plain code does", () => {
    for (const activation of ["silu", "gelu"] as const) {
      memory.reset();
      const values = sample("heavy tails", 3 * 2 * 20, 3);
      const at = memory.place(values);
      memory.kernels.gate(at, 3, 20, activation === "gelu" ? 1 : 0, at);
      gatePlain(values, 3, 20, activation);
      assertNear(memory.floats(at, 60).slice(), values.slice(0, 60), 1e-6, activation);
    }
    memory.reset();
    const capped = sample("heavy tails", 64, 4).map((value) => 10 * value);
    const place = memory.place(capped);
    memory.kernels.softCap(place, 64, 30);
    softCapPlain(capped, 30);
    // Rounding of 1 − tanh, times the cap.
    assertNear(memory.floats(place, 64).slice(), capped, 30 * 2e-7, "cap");
  });

  it("go on with sums of exponentials where they stopped", () => {
    const sums = { maxima: new Float32Array(3).fill(-Infinity), sums: new Float64Array(3) };
    memory.reset();
    const [maxima, totals] = [memory.place(sums.maxima), memory.place(sums.sums)];
    for (const [seed, columns] of [
      [1, 17],
      [2, 4],
      [3, 30],
    ] as const) {
      const values = sample("heavy tails", 3 * columns, seed).map((value) => value * 5);
      memory.kernels.addExponentials(memory.place(values), 3, columns, columns, maxima, totals);
      addExponentialsPlain(values, 3, columns, sums);
    }
    assert.deepEqual(memory.floats(maxima, 3).slice(), sums.maxima);
    memory.doubles(totals, 3).forEach((sum, i) => assert.ok(Math.abs(sum / sums.sums[i]! - 1) < 1e-6));
  });
});
