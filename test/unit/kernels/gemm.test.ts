import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { gemmPlain } from "../../../src/core/model/plainArithmetic";
import { scratchBytes } from "../../../src/kernels/layout";
import { hasRelaxedSimd } from "../../../src/kernels/relaxedSimd";
import { sample } from "../../support/distributions";
import { kernelModule, KernelMemory } from "../../support/kernelMemory";

interface Case {
  rows: number;
  columns: number;
  depth: number;
  transposed: boolean;
  /** Values beyond a row's own, in all three matrices. */
  gap?: number;
}

/** Whole tiles, edges of every kind, and more than one block of each dimension. */
const cases: Case[] = [];
for (const transposed of [false, true]) {
  for (const rows of [1, 2, 3, 4, 5, 8])
    for (const columns of [1, 7, 8, 9, 16]) cases.push({ rows, columns, depth: 13, transposed, gap: 3 });
  for (const depth of [1, 2, 3, 4, 5, 384, 385, 770]) cases.push({ rows: 6, columns: 10, depth, transposed });
  cases.push({ rows: 50, columns: 20, depth: 40, transposed }, { rows: 3, columns: 777, depth: 9, transposed });
}

function productOf({ rows, columns, depth, transposed, gap = 0 }: Case) {
  const [leftStride, resultStride] = [depth + gap, columns + gap];
  const rightStride = (transposed ? depth : columns) + gap;
  const left = sample("normal", rows * leftStride, 1);
  const right = sample("normal", (transposed ? columns : depth) * rightStride, 2);
  return {
    rows,
    columns,
    depth,
    transposed,
    left,
    leftStride,
    right,
    rightStride,
    resultStride,
    result: new Float32Array(rows * resultStride),
  };
}

/** By the kernel, on top of 7s: what lies between the rows of the result must stay. */
function byKernel(memory: KernelMemory, product: ReturnType<typeof productOf>, { alpha = 1, accumulate = 0 } = {}): Float32Array {
  memory.reset();
  const { rows, columns, depth, left, leftStride, right, rightStride, transposed, resultStride, result } = product;
  const [a, b, c] = [memory.place(left), memory.place(right), memory.place(new Float32Array(result.length).fill(7))];
  const scratch = memory.room(scratchBytes.gemm);
  const guard = memory.room(64);
  const flag = transposed ? 1 : 0;
  memory.kernels.gemm(rows, columns, depth, alpha, a, leftStride, b, rightStride, flag, c, resultStride, accumulate, scratch);
  assert.ok(memory.bytes(guard, 64).every((byte) => byte === 0xa5));
  return memory.floats(c, result.length).slice();
}

describe("the product of two matrices", () => {
  const memory = new KernelMemory();

  it("is the plain code's to the last bit, whatever the sizes and strides", () => {
    for (const shape of cases) {
      const product = productOf(shape);
      product.result.fill(7);
      gemmPlain(product);
      assert.deepEqual(byKernel(memory, product), product.result, JSON.stringify(shape));
    }
  });

  it("multiplies one matrix with a number, and adds to what is there", () => {
    const product = productOf({ rows: 9, columns: 11, depth: 400, transposed: true });
    gemmPlain(product);
    const found = byKernel(memory, product, { alpha: -2, accumulate: 1 });
    found.forEach((value, i) => assert.ok(Math.abs(value - (7 - 2 * product.result[i]!)) < 1e-4));
  });

  it("gives a row the same result whatever rows are beside it", () => {
    const product = productOf({ rows: 23, columns: 30, depth: 50, transposed: true });
    const all = byKernel(memory, product);
    for (const row of [0, 3, 11, 22]) {
      const alone = { ...product, rows: 1, left: product.left.slice(row * 50, (row + 1) * 50), result: new Float32Array(30) };
      assert.deepEqual(byKernel(memory, alone), all.slice(row * 30, (row + 1) * 30));
    }
  });

  it("is within rounding of that where the machine multiplies and adds in one step", () => {
    // Node 20 knows it only when it is told to.
    if (!hasRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");
    assert.ok(hasRelaxedSimd());
    const relaxed = new KernelMemory(512, kernelModule("kernels-relaxed.wasm"));
    for (const shape of cases) {
      const product = productOf(shape);
      product.result.fill(7);
      gemmPlain(product);
      const found = byKernel(relaxed, product);
      found.forEach((value, i) =>
        assert.ok(Math.abs(value - product.result[i]!) < 1e-5 * (1 + Math.sqrt(shape.depth)), JSON.stringify(shape)),
      );
    }
  });
});
