import assert from "node:assert/strict";
import { decodeBlocks } from "../../../src/core/decode/ggml/decodeBlocks";
import { compensatedFormats, compensateRows, compensatedRowsBytes } from "../../../src/core/gptq/compensatedRows";
import { storeCodes } from "../../../src/core/gptq/codePlaces";
import { hessianDiagonal } from "../../../src/core/gptq/hessian";
import { factorInverse, inverseFactorBytes } from "../../../src/core/gptq/inverseFactor";
import { Arena } from "../../../src/core/linalg/arena";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import { calibrationInputs, hessianOf, sumsOf } from "../../support/calibrationInputs";
import { sample } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const [rows, columns, tokens] = [24, 512, 700];

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
      const options = { order: "group-aware", groupSize: format.size, damping: 0.01 } as const;
      const factor = factorInverse(kernels, arena, sums, options);
      let most = 0;
      const found = compensateRows(
        kernels,
        arena,
        weights,
        factor,
        { format, quantize: (...args) => scheme.quantizeRows(...args), importance },
        () => (most = Math.max(most, arena.mark())),
      );
      assert.ok(most - 4096 <= inverseFactorBytes(columns) + compensatedRowsBytes(rows, columns, format));
      const decoded = new Float32Array(weights.length);
      decodeBlocks(format, found.blocks, decoded);
      assert.deepEqual(decoded, found.values);
      const [ours, theirs] = [outputError(found.values), outputError(rounded)];
      assert.ok(ours < theirs, `${ours} against ${theirs}`);
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
