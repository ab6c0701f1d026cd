import assert from "node:assert/strict";
import { findDType } from "../../src/core/tensor/dtype";
import { blockTypes } from "../../src/kernels/blockKernels";
import { scratchBytes } from "../../src/kernels/layout";
import { distributions, importance, sample } from "../support/distributions";
import { ggmlName, ggmlOrSkip, ggmlTypeIds, type Ggml } from "../support/ggml";
import { KernelMemory } from "../support/kernelMemory";

const rows = 64;
const columns = 1024;

describe("the kernels against the real ggml library, a million values", () => {
  const memory = new KernelMemory();
  let ggml: Ggml;
  let comparisons = 0;
  before(function () {
    ggml = ggmlOrSkip(this);
  });
  after(() => console.log(`      ${comparisons} comparisons (type × imatrix × distribution), ${rows * columns} values each: equal`));

  for (const type of blockTypes) {
    const name = ggmlName(type);
    const { blockBytes } = findDType(type)!;
    for (const [index, distribution] of distributions.entries()) {
      const quantize = (values: Float32Array, weights?: Float32Array): { target: number; expected: Uint8Array } => {
        const expected = ggml.quantizeChunk(ggmlTypeIds[name], values, rows, columns, weights);
        memory.reset();
        const target = memory.room(expected.length);
        const scratch = memory.room(scratchBytes.quantize);
        const weightsAt = weights ? memory.place(weights) : 0;
        memory.kernels[`quantize${type}`](memory.place(values), values.length, target, scratch, weightsAt, columns);
        const actual = memory.bytes(target, expected.length);
        const at = actual.findIndex((byte, i) => byte !== expected[i]);
        assert.equal(at, -1, `byte ${at % blockBytes} of block ${Math.floor(at / blockBytes)}: ${actual[at]}, ggml ${expected[at]}`);
        comparisons++;
        return { target, expected };
      };

      it(`${type}: ggml's bytes with importance weights on ${distribution}`, () => {
        quantize(sample(distribution, rows * columns, 2027), importance(columns, index));
      });

      it(`${type}: ggml's bytes and values on ${distribution}`, () => {
        const values = sample(distribution, rows * columns, 2025);
        const { target, expected } = quantize(values);
        const decoded = memory.room(values.length * 4);
        memory.kernels[`decode${type}`](target, values.length, decoded);
        const theirs = new Uint32Array(ggml.dequantize(name, expected, values.length).buffer);
        const ours = memory.words(decoded, values.length);
        assert.equal(
          ours.findIndex((bits, i) => bits !== theirs[i]),
          -1,
        );
      });
    }
  }
});
