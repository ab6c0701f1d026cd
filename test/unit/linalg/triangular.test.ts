import assert from "node:assert/strict";
import { Arena } from "../../../src/core/linalg/arena";
import { productScratchBytes } from "../../../src/core/linalg/matrixKernels";
import { choleskyLower, factorBlock, invertLower } from "../../../src/core/linalg/triangular";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

/** Lower triangle of X·Xᵀ + 1. */
function gram(size: number): Float32Array {
  const x = sample("small normal", size * size, size).map((value) => 50 * value);
  const result = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < size; k++) sum += x[i * size + k]! * x[j * size + k]!;
      result[i * size + j] = sum;
    }
  }
  return result;
}

describe("Cholesky decomposition and inverse of a triangle", () => {
  const { kernels } = new KernelMemory(256);

  for (const size of [64, 128, 448]) {
    it(`side ${size}: L·Lᵀ is the matrix, L·L⁻¹ the unit`, () => {
      const arena = new Arena(kernels.memory);
      const matrix = { address: arena.room(size * size), size };
      const inverses = arena.room(size * factorBlock);
      const scratch = arena.room(productScratchBytes, 1);
      const original = gram(size);
      arena.floats(matrix.address, size * size).set(original);
      assert.equal(choleskyLower(kernels, arena, matrix, inverses, scratch), -1);
      const lower = arena.floats(matrix.address, size * size).slice();
      invertLower(kernels, arena, matrix, inverses, scratch);
      const inverse = arena.floats(matrix.address, size * size).slice();
      let [factorError, unitError] = [0, 0];
      for (let i = 0; i < size; i++) {
        for (let j = 0; j <= i; j++) {
          let [product, unit] = [0, 0];
          for (let k = 0; k <= j; k++) product += lower[i * size + k]! * lower[j * size + k]!;
          for (let k = j; k <= i; k++) unit += lower[i * size + k]! * inverse[k * size + j]!;
          factorError = Math.max(factorError, Math.abs(product - original[i * size + j]!) / original[i * size + i]!);
          unitError = Math.max(unitError, Math.abs(unit - (i === j ? 1 : 0)));
        }
      }
      assert.ok(factorError < 2e-6, `factor ${factorError}`);
      assert.ok(unitError < 2e-5, `unit ${unitError}`);
    });
  }

  it("the first row that makes a matrix indefinite is told", () => {
    const size = 192;
    const arena = new Arena(kernels.memory);
    const matrix = { address: arena.room(size * size), size };
    const original = gram(size);
    original[150 * size + 150] = -1;
    arena.floats(matrix.address, size * size).set(original);
    const [inverses, scratch] = [arena.room(size * factorBlock), arena.room(productScratchBytes, 1)];
    assert.equal(choleskyLower(kernels, arena, matrix, inverses, scratch), 150);
  });
});
