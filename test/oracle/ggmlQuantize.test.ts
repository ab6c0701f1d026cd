import assert from "node:assert/strict";
import { findDType } from "../../src/core/tensor/dtype";
import { quantizedTypes } from "../../src/kernels/blockKernels";
import { scratchBytes } from "../../src/kernels/layout";
import { distributions, sample } from "../support/distributions";
import { ggmlName, ggmlOrSkip, ggmlTypeIds, type Ggml } from "../support/ggml";
import { KernelMemory } from "../support/kernelMemory";

const rows = 64;
const columns = 1024;

describe("the kernels against the real ggml library, a million values", () => {
  const memory = new KernelMemory();
  let ggml: Ggml;
  before(function () {
    ggml = ggmlOrSkip(this);
  });

  for (const type of quantizedTypes) {
    const name = ggmlName(type);
    const { blockBytes } = findDType(type)!;
    for (const distribution of distributions) {
      it(`${type}: ggml's bytes and values on ${distribution}`, () => {
        const values = sample(distribution, rows * columns, 2025);
        const expected = ggml.quantizeChunk(ggmlTypeIds[name], values, rows, columns);
        memory.reset();
        const target = memory.room(expected.length);
        memory.kernels[`quantize${type}`](memory.place(values), values.length, target, memory.room(scratchBytes.quantize), 0, 0);
        const actual = memory.bytes(target, expected.length);
        const at = actual.findIndex((byte, i) => byte !== expected[i]);
        assert.equal(at, -1, `byte ${at % blockBytes} of block ${Math.floor(at / blockBytes)}: ${actual[at]}, ggml ${expected[at]}`);

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
