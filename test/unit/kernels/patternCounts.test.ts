import assert from "node:assert/strict";
import { emptyMoments, scratchBytes } from "../../../src/kernels/layout";
import { patternCounts16, patternCounts32, patternCounts8 } from "../../../src/kernels/plain/patternCounts";
import { sample, withSpecials } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const memory = new KernelMemory();
const lengths = [...Array.from({ length: 71 }, (_, n) => n), 16_383, 16_384, 16_385, 50_003];

/** Float32 of every kind, their bits also read as 16-bit patterns and bytes. */
const values = withSpecials(sample("heavy tails", 50_003), 0.1);

describe("kernels patternCounts", () => {
  it("32: equals its twin for every length, adding to what is there", () => {
    for (const n of lengths) {
      memory.reset();
      const part = values.subarray(0, n);
      const expected = new Uint32Array(65536).fill(3);
      patternCounts32(part, expected);
      const counts = memory.place(new Uint32Array(65536).fill(3));
      memory.kernels.patternCounts32(memory.place(part), n, counts, memory.room(scratchBytes.patternCounts32));
      assert.deepEqual(memory.words(counts, 65536), expected);
    }
  });

  it("16: equals its twin for every length, adding to what is there", () => {
    const patterns = new Uint16Array(values.buffer);
    for (const n of lengths) {
      memory.reset();
      const part = patterns.subarray(0, n);
      const expected = new Uint32Array(65536).fill(3);
      patternCounts16(part, expected);
      const counts = memory.place(new Uint32Array(65536).fill(3));
      memory.kernels.patternCounts16(memory.place(part), n, counts, memory.room(scratchBytes.patternCounts16));
      assert.deepEqual(memory.words(counts, 65536), expected);
    }
  });

  it("8: equals its twin for every length, adding to what is there", () => {
    const bytes = new Uint8Array(values.buffer);
    for (const n of lengths) {
      memory.reset();
      const part = bytes.subarray(0, n);
      const expected = new Uint32Array(256).fill(3);
      patternCounts8(part, expected);
      const counts = memory.place(new Uint32Array(256).fill(3));
      memory.kernels.patternCounts8(memory.place(part), n, counts, memory.room(scratchBytes.patternCounts8));
      assert.deepEqual(memory.words(counts, 256), expected);
    }
  });
});

describe("kernel scanF32", () => {
  it("equals moments and patternCounts32 for every length, adding to what is there", () => {
    for (const n of lengths) {
      memory.reset();
      const part = memory.place(values.subarray(0, n));
      const before = emptyMoments().map((value) => (Number.isFinite(value) ? 5 : value));
      const separate = memory.place(before);
      const together = memory.place(before);
      const expected = memory.place(new Uint32Array(65536).fill(3));
      const counts = memory.place(new Uint32Array(65536).fill(3));
      const scratch = memory.room(scratchBytes.scanF32);
      memory.kernels.moments(part, n, 0.125, separate);
      memory.kernels.patternCounts32(part, n, expected, scratch);
      memory.kernels.scanF32(part, n, 0.125, together, counts, scratch);
      assert.deepEqual(memory.words(counts, 65536), memory.words(expected, 65536));
      assert.deepEqual(memory.doubles(together, before.length), memory.doubles(separate, before.length));
    }
  });
});
