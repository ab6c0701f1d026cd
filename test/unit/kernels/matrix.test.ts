import assert from "node:assert/strict";
import { type MatrixKernels, productScratchBytes } from "../../../src/core/linalg/matrixKernels";
import { iq4Levels } from "../../../src/core/decode/ggml/iq4nl";
import { plainMatrixKernels } from "../../../src/kernels/plain/matrix";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

/** Runs the same on the kernels and on their twins, over the same memory, and asserts equal bytes at `address`. */
function compare(memory: KernelMemory, run: (kernels: MatrixKernels) => void, address: number, bytes: number): void {
  const before = new Uint8Array(memory.kernels.memory.buffer).slice();
  run(memory.kernels);
  const found = memory.bytes(address, bytes).slice();
  new Uint8Array(memory.kernels.memory.buffer).set(before);
  run(plainMatrixKernels(memory.kernels.memory));
  assert.deepEqual(found, memory.bytes(address, bytes).slice());
}

describe("kernels of linear algebra and GPTQ: the bits of their twins", () => {
  const memory = new KernelMemory(128);

  for (const [acrossA, acrossB] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    for (const part of [0, 1, 2]) {
      it(`product, A ${acrossA ? "across" : "by rows"}, B ${acrossB ? "across" : "by rows"}, part ${part}`, () => {
        for (const [m, n, k] of [
          [4, 8, 1],
          [100, 40, 387],
          [12, 776, 7],
        ] as const) {
          memory.reset();
          const [a, b] = [memory.place(sample("small normal", m * k + 64, 1)), memory.place(sample("small normal", n * k + 64, 2))];
          const c = memory.place(sample("small normal", m * n, 3));
          const scratch = memory.room(productScratchBytes);
          const [lda, ldb] = [acrossA ? m : k, acrossB ? k : n];
          compare(
            memory,
            (kernels) => kernels.multiplyAdd(m, n, k, -0.75, a, lda, acrossA, b, ldb, acrossB, c, n, part, scratch),
            c,
            4 * m * n,
          );
        }
      });
    }
  }

  it("Cholesky factor of a block and its inverse", () => {
    memory.reset();
    const [n, lda] = [64, 72];
    const x = sample("small normal", 96 * n, 5);
    const gram = new Float32Array(n * lda);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) for (let t = 0; t < 96; t++) gram[i * lda + j]! += x[t * n + i]! * x[t * n + j]!;
    const a = memory.place(gram);
    const inverse = memory.room(4 * n * n);
    compare(memory, (kernels) => assert.equal(kernels.choleskyBlock(n, a, lda, inverse), -1), a, 4 * n * (lda + n));
  });

  it("the pivot that is not positive is told", () => {
    memory.reset();
    const a = memory.place(Float32Array.from([1, 0, 0, 2, 4, 0, 0, 0, 1]));
    const inverse = memory.room(36);
    for (const kernels of [memory.kernels, plainMatrixKernels(memory.kernels.memory)]) {
      memory.floats(a, 9).set([1, 0, 0, 2, 4, 0, 0, 0, 1]);
      assert.equal(kernels.choleskyBlock(3, a, 3, inverse), 1);
      memory.floats(a, 9).set([NaN]);
      assert.equal(kernels.choleskyBlock(3, a, 3, inverse), 0);
    }
  });

  for (const symmetric of [0, 1]) {
    it(`GPTQ inside a strip, grids ${symmetric ? "symmetric" : "asymmetric"}, zero and with mins`, () => {
      memory.reset();
      const [rows, stride, columns] = [48, 64, 9];
      const weights = sample("small normal", stride * columns, 6);
      // A row of zeros, and one without negative weights.
      for (let j = 0; j < columns; j++) {
        weights[j * stride + 3] = 0;
        weights[j * stride + 4] = Math.abs(weights[j * stride + 4]!);
      }
      const w = memory.place(weights);
      const upper = sample("small normal", 16 * 16, 7);
      for (let j = 0; j < 16; j++) upper[j * 16 + j] = 1 + j / 16;
      const u = memory.place(upper);
      const [grid, other] = [memory.room(12 * rows), memory.place(sample("small normal", 3 * rows, 8))];
      memory.floats(other, 1)[0] = 0;
      compare(memory, (kernels) => kernels.gptqGrid(w, stride, columns, rows, 15, symmetric, grid), grid, 12 * rows);
      const grids = memory.place(Uint32Array.from({ length: columns }, (_, j) => (j % 4 === 3 ? other : grid)));
      const loss = memory.place(new Float32Array(rows).fill(0.5));
      const errors = memory.room(4 * rows * columns);
      const codes = memory.room(rows * columns);
      const end = codes + rows * columns;
      compare(memory, (kernels) => kernels.gptqColumns(w, stride, columns, rows, u, 16, grids, 15, 0, errors, codes, loss), w, end - w);
      // Columns are values now, and so on their grid: fresh ones for the code book.
      memory.floats(w, weights.length).set(weights);
      const midpoints = [...iq4Levels].slice(1).map((level, k) => (level + iq4Levels[k]!) / 2);
      const levels = memory.place(Float32Array.from([...iq4Levels, ...midpoints]));
      compare(
        memory,
        (kernels) => kernels.gptqColumns(w, stride, columns, rows, u, 16, grids, 15, levels, errors, codes, loss),
        w,
        end - w,
      );
    });

    for (const kind of ["scales", "limits"] as const) {
      it(`AWQ's errors with ${kind}, ${symmetric ? "symmetric" : "with zero-points"}`, () => {
        memory.reset();
        const [rows, columns, stride, group] = [5, 96, 100, 32];
        const weights = sample("small normal", rows * stride, 9);
        weights.fill(0, 32, 64);
        const w = memory.place(weights);
        const scales = kind === "scales" ? memory.place(sample("small normal", columns, 10).map((value) => 1 + Math.abs(value))) : 0;
        const limits = kind === "limits" ? memory.place(new Float32Array((rows * columns) / group).fill(0.01)) : 0;
        const target = memory.room(4 * rows * columns);
        compare(
          memory,
          (kernels) => kernels.awqErrors(w, stride, rows, columns, group, 15, symmetric ? 7.5 : 0, scales, limits, target),
          target,
          4 * rows * columns,
        );
      });
    }
  }
});
