import assert from "node:assert/strict";
import { scratchBytes } from "../../src/kernels/layout";
import { distributions, sample } from "../support/distributions";
import { ggmlOrSkip, ggmlTypeIds, type Ggml } from "../support/ggml";
import { KernelMemory } from "../support/kernelMemory";

const rows = 64;
const columns = 1024;

const types = [
  { name: "q8_0", kernel: "quantizeQ8_0", decode: "decodeQ8_0", bytes: 34, block: 32 },
  { name: "q4_0", kernel: "quantizeQ4_0", decode: "decodeQ4_0", bytes: 18, block: 32 },
  { name: "q4_K", kernel: "quantizeQ4_K", decode: "decodeQ4_K", bytes: 144, block: 256 },
] as const;

describe("the kernels against the real ggml library, a million values", () => {
  const memory = new KernelMemory();
  let ggml: Ggml;
  before(function () {
    ggml = ggmlOrSkip(this);
  });

  for (const type of types) {
    for (const distribution of distributions) {
      it(`${type.kernel} gives ggml's bytes and ${type.decode} its values on ${distribution}`, () => {
        const values = sample(distribution, rows * columns, 2025);
        const expected = ggml.quantizeChunk(ggmlTypeIds[type.name], values, rows, columns);
        memory.reset();
        const target = memory.room(expected.length);
        memory.kernels[type.kernel](memory.place(values), values.length, target, memory.room(scratchBytes.quantizeQ4_K));
        const actual = memory.bytes(target, expected.length);
        const at = actual.findIndex((byte, i) => byte !== expected[i]);
        assert.equal(at, -1, `byte ${at % type.bytes} of block ${Math.floor(at / type.bytes)}: ${actual[at]}, ggml ${expected[at]}`);

        const decoded = memory.room(values.length * 4);
        memory.kernels[type.decode](target, values.length, decoded);
        const theirs = new Uint32Array(ggml.dequantize(type.name, expected, values.length).buffer);
        const ours = memory.words(decoded, values.length);
        assert.equal(
          ours.findIndex((bits, i) => bits !== theirs[i]),
          -1,
        );
      });
    }
  }
});
