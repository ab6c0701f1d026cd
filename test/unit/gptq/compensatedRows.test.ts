import assert from "node:assert/strict";
import { decodeBlocks } from "../../../src/core/decode/ggml/decodeBlocks";
import { compensatedFormats, compensateRows, compensatedRowsBytes, type QuantizeBlocks } from "../../../src/core/gptq/compensatedRows";
import { storeCodes } from "../../../src/core/gptq/codePlaces";
import { hessianDiagonal } from "../../../src/core/gptq/hessian";
import { factorInverse, inverseFactorBytes } from "../../../src/core/gptq/inverseFactor";
import { Arena } from "../../../src/core/linalg/arena";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import { calibrationInputs, hessianOf, sumsOf } from "../../support/calibrationInputs";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const [rows, columns, tokens, damping] = [24, 512, 700, 0.01];

describe("GPTQ onto the grids of ggml's types", () => {
  const { kernels } = new KernelMemory();
  const weights = sample("small normal", rows * columns, 11);
  const sums = sumsOf(kernels, calibrationInputs(tokens, columns, 12), columns);
  const h = hessianOf(sums);
  const importance = hessianDiagonal(sums);

  /** Σ over the rows of dᵀ·H·d / 2. */
  function outputError(values: Float32Array): number {
    let sum = 0;
    for (let row = 0; row < weights.length; row += columns) {
      for (let i = 0; i < columns; i++) {
        const d = weights[row + i]! - values[row + i]!;
        for (let j = 0; j < columns; j++) sum += (d * (weights[row + j]! - values[row + j]!) * h[i * columns + j]!) / 2;
      }
    }
    return sum;
  }

  for (const format of compensatedFormats) {
    const scheme = findScheme(format.id);
    assert.ok(isByteScheme(scheme));

    it(`${format.id}: less output error than ggml's quantizer with the same importance; blocks say what the values are`, () => {
      const plain = new Uint8Array((weights.length / format.size) * format.bytes);
      scheme.quantizeRows(weights, columns, plain, importance);
      const rounded = new Float32Array(weights.length);
      decodeBlocks(format, plain, rounded);

      const arena = new Arena(kernels.memory);
      const options = { order: "group-aware", groupSize: format.size, damping } as const;
      const factor = factorInverse(kernels, arena, sums, options);
      let most = 0;
      const found = compensateRows(
        kernels,
        arena,
        weights,
        factor,
        { format, quantize: (...args) => scheme.quantizeRows(...args) },
        () => (most = Math.max(most, arena.mark())),
      );
      assert.ok(most - 4096 <= inverseFactorBytes(columns) + compensatedRowsBytes(rows, columns, format));
      const decoded = new Float32Array(weights.length);
      decodeBlocks(format, found.blocks, decoded);
      assert.deepEqual(decoded, found.values);
      const [ours, theirs] = [outputError(found.values), outputError(rounded)];
      assert.ok(ours < theirs, `${ours} against ${theirs}`);
    });

    it(`${format.id}: scales are chosen by what errors cost after those behind have made up for them`, () => {
      const arena = new Arena(kernels.memory);
      const factor = factorInverse(kernels, arena, sums, { order: "group-aware", groupSize: format.size, damping });
      const costs = new Map<number, Float32Array>();
      const quantize: QuantizeBlocks = (source, count, target, weighted) => {
        const first = Math.floor(factor.order[costs.size * format.size]! / format.size) * format.size;
        costs.set(first, weighted.slice());
        scheme.quantizeRows(source, count, target, weighted);
      };
      compensateRows(kernels, arena, weights, factor, { format, quantize }, () => undefined);
      assert.equal(costs.size, columns / format.size);
      const mean = importance.reduce((sum, value) => sum + value, 0) / columns;
      const ratios = [...factor.order].map((column) => {
        const first = Math.floor(column / format.size) * format.size;
        return costs.get(first)![column - first]! / (importance[column]! + damping * mean);
      });
      // Nothing is behind the last column, whose errors cost what the Hessian says; those before cost less.
      assert.ok(Math.abs(ratios.at(-1)! - 1) < 1e-4, String(ratios.at(-1)));
      assert.ok(ratios.every((ratio) => ratio > 0 && ratio < 1 + 1e-4));
      assert.ok(ratios[0]! < 0.9, String(ratios[0]));
    });

    it(`${format.id}: codes go where the format looks for them, and nothing else changes`, () => {
      const block = new Uint8Array(format.bytes);
      scheme.quantizeRows(weights.subarray(0, format.size), format.size, block);
      const before = block.slice();
      const codes = new Int16Array(format.size);
      const [scales, mins] = [new Float32Array(16), new Float32Array(16)];
      format.unpack(block, 0, codes, 0, scales, mins);
      const other = codes.map((code, i) => format.minCode + ((code * 5 + i) % (format.maxCode - format.minCode + 1)));
      storeCodes(format, other, 0, block, 0);
      const [found, foundScales, foundMins] = [new Int16Array(format.size), new Float32Array(16), new Float32Array(16)];
      format.unpack(block, 0, found, 0, foundScales, foundMins);
      assert.deepEqual(found, other);
      assert.deepEqual([foundScales, foundMins], [scales, mins]);
      storeCodes(format, codes, 0, block, 0);
      assert.deepEqual(block, before);
    });
  }
});
