import assert from "node:assert/strict";
import { dequantizeBlockwise, quantizeBlockwise } from "../../../src/core/quant/blockwise";
import { fp4, nf4 } from "../../../src/core/quant/codebook";
import { book4Bytes, writeBook4 } from "../../../src/kernels/layout";
import { distributions, sample, withSpecials } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

describe("4-bit block kernels", () => {
  for (const [name, book] of [
    ["nf4", nf4],
    ["fp4", fp4],
  ] as const) {
    it(`${name}: codes, scales and values equal the plain code's, in every distribution and with short last blocks`, () => {
      const memory = new KernelMemory();
      for (const distribution of distributions) {
        for (const [count, block] of [
          [4096, 64],
          [4111, 32],
          [5, 64],
          [9001, 4096],
        ] as const) {
          memory.reset();
          const x = withSpecials(sample(distribution, count, count), 0.01);
          const stored = quantizeBlockwise(x, block, book);
          const y = new Float32Array(count);
          dequantizeBlockwise(stored, block, book, y);
          const table = memory.room(book4Bytes);
          writeBook4(book, memory.bytes(table, book4Bytes));
          const [at, codes, absmax, decoded] = [
            memory.place(x),
            memory.room(count),
            memory.room(stored.absmax.byteLength),
            memory.room(4 * count),
          ];
          memory.kernels.quantizeBlocks4(at, count, block, table, codes, absmax);
          memory.kernels.dequantizeBlocks4(codes, count, block, table, absmax, decoded);
          assert.deepEqual(memory.bytes(codes, count), stored.codes, distribution);
          assert.deepEqual(memory.floats(absmax, stored.absmax.length), stored.absmax, distribution);
          assert.deepEqual(memory.floats(decoded, count), y, distribution);
        }
      }
    });
  }
});
