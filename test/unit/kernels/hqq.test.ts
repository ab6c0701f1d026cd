import assert from "node:assert/strict";
import { hqqGroupsPlain, hqqIterations } from "../../../src/core/quant/hqq";
import { sample } from "../../support/distributions";
import { assertClose, KernelMemory } from "../../support/kernelMemory";

describe("the HQQ kernel", () => {
  const memory = new KernelMemory();

  for (const bits of [1, 2, 3, 4, 8]) {
    it(`${bits} bits: values equal the plain code's`, () => {
      for (const [distribution, size] of [
        ["small normal", 64],
        ["small normal", 128],
        ["zeros", 8],
      ] as const) {
        memory.reset();
        const x = distribution === "zeros" ? new Float32Array(4096) : sample(distribution, 4096, bits);
        x.set([NaN, Infinity, -Infinity], 70);
        const y = new Float32Array(x.length);
        const errors = new Float64Array(hqqIterations);
        hqqGroupsPlain(x, size, bits, hqqIterations, errors, y);
        const [at, sums, target] = [memory.place(x), memory.place(new Float64Array(2 * hqqIterations)), memory.room(4 * x.length)];
        assert.equal(memory.kernels.hqqGroups(at, x.length, size, bits, hqqIterations, sums, target), x.length);
        assert.deepEqual(memory.floats(target, x.length), y);
        memory.doubles(sums, hqqIterations).forEach((sum, pass) => assertClose(sum, errors[pass]!, 1e-12, `pass ${pass}`));
      }
    });
  }

  it("stops before a group with large errors, and counts nothing of it", () => {
    memory.reset();
    const x = sample("small normal", 256, 9);
    x.set([10, 5], 130);
    const errors = new Float64Array(3);
    hqqGroupsPlain(x.subarray(0, 128), 64, 2, 3, errors);
    const sums = memory.place(new Float64Array(6));
    assert.equal(memory.kernels.hqqGroups(memory.place(x), x.length, 64, 2, 3, sums, 0), 128);
    memory.doubles(sums, 3).forEach((sum, pass) => assertClose(sum, errors[pass]!, 1e-12, `pass ${pass}`));
  });
});
