import assert from "node:assert/strict";
import { columnSteps, stepOptions } from "../../../src/core/gptq/columnSteps";
import { factorInverse } from "../../../src/core/gptq/inverseFactor";
import { gptqBits } from "../../../src/core/gptq/options";
import { quantizeRows } from "../../../src/core/gptq/quantizeRows";
import { Arena } from "../../../src/core/linalg/arena";
import { calibrationInputs, hessianOf, sumsOf } from "../../support/calibrationInputs";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const nothing = (): void => undefined;
const relative = (found: number, expected: number): number => Math.abs(found - expected) / Math.abs(expected);

describe("GPTQ, column by column", () => {
  const { kernels } = new KernelMemory();
  const arena = (): Arena => new Arena(kernels.memory);

  // The strips of the loop end beyond, at and inside of these; 61 are the most of a matrix of 64 places.
  for (const columns of [24, 32, 61, 100]) {
    const weights = sample("small normal", 12 * columns, 4);
    const sums = sumsOf(kernels, calibrationInputs(300, columns, 3), columns);

    it(`${columns} columns: being watched changes no code, and ends where the quantizer ends`, () => {
      for (const bits of gptqBits) {
        const options = stepOptions(bits);
        const memory = arena();
        const expected = quantizeRows(kernels, memory, weights, factorInverse(kernels, memory, sums, options), options, nothing);
        const found = columnSteps(kernels, arena(), weights, sums, bits, nothing);
        assert.ok(found.codes.every((code, i) => code === expected.codes[i]));
        assert.ok(found.changes.at(-1)!.every((value, i) => value === Math.fround(expected.values[i]! - weights[i]!)));
        assert.equal(found.changes.length, columns);
      }
    });
  }

  it("more columns than can be watched are refused, not quantized otherwise", () => {
    for (const columns of [62, 64, 127, 200]) {
      const sums = sumsOf(kernels, calibrationInputs(300, columns, 3), columns);
      assert.throws(() => columnSteps(kernels, arena(), sample("small normal", columns, 4), sums, 4, nothing), RangeError);
    }
  });

  const columns = 24;
  const weights = sample("small normal", 12 * columns, 4);
  const sums = sumsOf(kernels, calibrationInputs(300, columns, 3), columns);

  it("a column that is done stays; those behind it are corrected; before the first, nothing is wrong", () => {
    const { changes } = columnSteps(kernels, arena(), weights, sums, 3, nothing);
    const last = changes.at(-1)!;
    changes.forEach((change, done) => {
      let corrected = 0;
      change.forEach((value, i) => {
        if (i % columns <= done) assert.equal(value, last[i]);
        else if (value !== 0) corrected++;
      });
      assert.equal(corrected > 0, done < columns - 1);
    });
  });

  it("errors are those of the outputs, and fewer than by rounding", () => {
    const h = hessianOf(sums);
    const squares = (matrix: Float32Array): number => {
      let sum = 0;
      for (let row = 0; row < matrix.length; row += columns) {
        for (let a = 0; a < columns; a++)
          for (let b = 0; b < columns; b++) sum += matrix[row + a]! * h[a * columns + b]! * matrix[row + b]!;
      }
      return sum;
    };
    const { changes, roundingChange, gptqErrors, roundingErrors } = columnSteps(kernels, arena(), weights, sums, 3, nothing);
    assert.equal(gptqErrors[0], 0);
    assert.equal(roundingErrors[0], 0);
    assert.ok(relative(gptqErrors[10]!, squares(changes[9]!) / squares(weights)) < 1e-6);
    assert.ok(relative(roundingErrors[columns]!, squares(roundingChange) / squares(weights)) < 1e-6);
    assert.ok(gptqErrors[columns]! < roundingErrors[columns]!, `${gptqErrors[columns]} against ${roundingErrors[columns]}`);
  });

  it("rounding is to the nearest code of the same grid", () => {
    const options = stepOptions(3);
    const memory = arena();
    const { scales, zeros } = quantizeRows(kernels, memory, weights, factorInverse(kernels, memory, sums, options), options, nothing);
    const { roundingChange } = columnSteps(kernels, arena(), weights, sums, 3, nothing);
    weights.forEach((weight, i) => {
      const row = Math.floor(i / columns);
      const code = Math.min(7, Math.max(0, Math.round(weight / scales[row]!) + zeros[row]!));
      assert.ok(Math.abs(weight + roundingChange[i]! - scales[row]! * (code - zeros[row]!)) < 1e-6 * scales[row]!);
    });
  });
});
