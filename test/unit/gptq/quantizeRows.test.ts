import assert from "node:assert/strict";
import fc from "fast-check";
import { columnOrder } from "../../../src/core/gptq/columnOrder";
import { InputAccumulator, type InputSums } from "../../../src/core/gptq/hessian";
import { factorInverse, inverseFactorBytes } from "../../../src/core/gptq/inverseFactor";
import { checkGptqOptions, defaultGptqOptions, type GptqOptions } from "../../../src/core/gptq/options";
import type { QuantizedRows } from "../../../src/core/gptq/quantizedRows";
import { quantizeRows, quantizeRowsBytes } from "../../../src/core/gptq/quantizeRows";
import { FormatError, UsageError } from "../../../src/core/errors";
import { Arena } from "../../../src/core/linalg/arena";
import type { MatrixKernels } from "../../../src/core/linalg/matrixKernels";
import { plainMatrixKernels } from "../../../src/kernels/plain/matrix";
import { calibrationInputs, hessianOf, sumsOf } from "../../support/calibrationInputs";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const columns = 200;
const nothing = (): void => undefined;

describe("GPTQ of rows", () => {
  const memory = new KernelMemory();
  const inputs = calibrationInputs(300, columns, 3);
  const weights = sample("small normal", 40 * columns, 4);

  const sums = sumsOf(memory.kernels, inputs, columns);

  function quantize(w: Float32Array, options: GptqOptions, kernels: MatrixKernels = memory.kernels, from = sums): QuantizedRows {
    const arena = new Arena(kernels.memory);
    return quantizeRows(kernels, arena, w, factorInverse(kernels, arena, from, options), options, nothing);
  }

  /** Σ over the rows of dᵀ·H·d. */
  function outputError(h: Float32Array, w: Float32Array, values: Float32Array): number {
    let sum = 0;
    for (let row = 0; row < w.length; row += columns) {
      const d = w.subarray(row, row + columns).map((value, i) => value - values[row + i]!);
      for (let i = 0; i < columns; i++) for (let j = 0; j < columns; j++) sum += d[i]! * d[j]! * h[i * columns + j]!;
    }
    return sum;
  }

  const options = fc.record({
    bits: fc.constantFrom(2, 3, 4, 8),
    groupSize: fc.constantFrom(-1, 16, 32, 64, 128),
    symmetric: fc.boolean(),
    order: fc.constantFrom("stored", "activation", "group-aware"),
    staticGroups: fc.boolean(),
    damping: fc.constant(0.01),
    rangeExponent: fc.constant(0),
  }) as fc.Arbitrary<GptqOptions>;

  it("the outputs change less than by rounding each weight, whatever the options", () => {
    const h = hessianOf(sums);
    // Without a weight for what one column's error does to others, only rounding is left.
    const diagonal = { ...sums, lower: sums.lower.map((value, i) => (i % (sums.stride + 1) === 0 ? value : 0)) };
    fc.assert(
      fc.property(options, (chosen) => {
        const rounded = quantize(weights, { ...chosen, order: "stored" }, memory.kernels, diagonal);
        const found = quantize(weights, chosen, memory.kernels, sums);
        const [ours, plain] = [outputError(h, weights, found.values), outputError(h, weights, rounded.values)];
        assert.ok(ours < plain, `${ours} against ${plain}`);
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it("any split of the rows gives the same", () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 39 }), (chosen, rows) => {
        const whole = quantize(weights, chosen);
        const [first, second] = [quantize(weights.subarray(0, rows * columns), chosen), quantize(weights.subarray(rows * columns), chosen)];
        for (const part of ["codes", "scales", "zeros", "values", "loss"] as const) {
          assert.deepEqual([...first[part], ...second[part]], [...whole[part]], part);
        }
        assert.deepEqual(first.groupOf, whole.groupOf);
      }),
      { numRuns: 20, seed: 2 },
    );
  });

  it("codes, scales, zeros and groups say what the values are", () => {
    fc.assert(
      fc.property(options, (chosen) => {
        const { codes, scales, zeros, groupOf, values } = quantize(weights, chosen);
        const groups = scales.length / 40;
        values.forEach((value, i) => {
          const group = Math.floor(i / columns) * groups + groupOf[i % columns]!;
          assert.equal(value, Math.fround(scales[group]! * (codes[i]! - zeros[group]!)));
        });
      }),
      { numRuns: 20, seed: 3 },
    );
  });

  it("the plain twins give the same bits", () => {
    const plain = plainMatrixKernels(new WebAssembly.Memory({ initial: 64 }));
    for (const order of ["stored", "activation", "group-aware"] as const) {
      const chosen = { ...defaultGptqOptions, groupSize: 64, order };
      assert.deepEqual(quantize(weights, chosen, plain, sumsOf(plain, inputs, columns)), quantize(weights, chosen));
    }
  });

  it("an order has every column once; whole groups stay whole", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 70 }), options, (diagonal, chosen) => {
        const order = columnOrder(diagonal, chosen);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          diagonal.map((_, i) => i),
        );
        if (chosen.order === "stored")
          assert.deepEqual(
            [...order],
            [...order].sort((a, b) => a - b),
          );
        if (chosen.order !== "group-aware" || chosen.groupSize === -1) return;
        order.forEach((column, place) => {
          const first = order[place - (place % chosen.groupSize)]!;
          assert.equal(Math.floor(column / chosen.groupSize), Math.floor(first / chosen.groupSize));
        });
      }),
      { seed: 4 },
    );
  });

  it("columns without inputs become 0 and are told", () => {
    const x = inputs.map((value, i) => (i % columns === 7 ? 0 : value));
    const arena = new Arena(memory.kernels.memory);
    const factor = factorInverse(memory.kernels, arena, sumsOf(memory.kernels, x, columns), defaultGptqOptions);
    assert.deepEqual(factor.dead, [7]);
    const { values } = quantizeRows(memory.kernels, arena, weights, factor, { ...defaultGptqOptions, groupSize: 8 }, nothing);
    for (let row = 0; row < 40; row++) assert.equal(values[row * columns + 7], 0);
  });

  it("a Hessian that is not positive definite is damped more, and one without hope refused", () => {
    const arena = new Arena(memory.kernels.memory);
    const lower = sums.lower.slice();
    const wrong: InputSums = { ...sums, lower };
    const mean = lower.reduce((sum, value, i) => sum + (i % (sums.stride + 1) === 0 ? value : 0), 0) / columns;
    // A rounding error of the size that float32 sums have, made larger.
    for (let i = 1; i < columns; i++) lower[i * sums.stride] = 0;
    lower[0] = -0.2 * mean;
    const factor = factorInverse(memory.kernels, arena, wrong, defaultGptqOptions);
    assert.ok(factor.damping > 0.19 && factor.damping < 0.23, String(factor.damping));
    for (const [value, code] of [
      [-2 * mean, "gptq.not-positive-definite"],
      [NaN, "gptq.not-finite"],
    ] as const) {
      lower[0] = value;
      assert.throws(
        () => factorInverse(memory.kernels, arena, wrong, defaultGptqOptions),
        (error) => error instanceof FormatError && error.code === code,
      );
    }
  });

  it("inputs in portions give the Hessian of all", () => {
    const accumulator = new InputAccumulator(memory.kernels, new Arena(memory.kernels.memory), columns);
    for (const [from, to] of [
      [0, 1],
      [1, 130],
      [130, 300],
    ] as const) {
      accumulator.add(inputs.subarray(from * columns, to * columns));
    }
    const found = accumulator.result();
    assert.equal(found.tokens, 300);
    const scale = sums.lower.reduce((most, value) => Math.max(most, value), 0);
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j <= i; j++) {
        const at = i * sums.stride + j;
        assert.ok(Math.abs(found.lower[at]! - sums.lower[at]!) < 1e-6 * scale);
      }
    }
  });

  it("takes no more memory than it says", () => {
    for (const chosen of [defaultGptqOptions, { ...defaultGptqOptions, groupSize: 16 }]) {
      const start = 4096;
      const arena = new Arena(memory.kernels.memory, start);
      const factor = factorInverse(memory.kernels, arena, sums, chosen);
      let most = arena.mark();
      quantizeRows(memory.kernels, arena, weights, factor, chosen, () => (most = Math.max(most, arena.mark())));
      assert.ok(most - start <= inverseFactorBytes(columns) + quantizeRowsBytes(40, columns, chosen) + 1024, String(most));
    }
  });

  it("options that make no sense are refused", () => {
    for (const wrong of [{ bits: 5 as 4 }, { groupSize: 0 }, { groupSize: 1.5 }, { damping: 0 }, { damping: 1 }, { rangeExponent: -1 }]) {
      assert.throws(
        () => checkGptqOptions({ ...defaultGptqOptions, ...wrong }),
        (error) => error instanceof UsageError && error.code === "bad-gptq-option",
      );
    }
    checkGptqOptions(defaultGptqOptions);
  });
});
