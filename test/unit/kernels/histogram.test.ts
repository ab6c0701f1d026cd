import assert from "node:assert/strict";
import * as fc from "fast-check";
import { scratchBytes } from "../../../src/kernels/layout";
import { binErrors, histogram } from "../../../src/kernels/plain/histogram";
import { distributions, randomFrom, sample, withSpecials } from "../../support/distributions";
import { KernelMemory } from "../../support/kernelMemory";

const memory = new KernelMemory(1024);

/** Compares the kernel with its twin, and checks that it wrote nothing outside the table and its scratch area. */
function compare(values: Float32Array, low: number, high: number, bins: number): Uint32Array {
  memory.reset();
  const x = memory.place(values);
  const before = memory.room(4096);
  const counts = memory.place(new Uint32Array(bins).fill(7));
  const between = memory.room(4096);
  const scratch = memory.room(scratchBytes.histogram(bins));
  const after = memory.room(4096);
  memory.kernels.histogram(x, values.length, low, high, bins, counts, scratch);
  const expected = new Uint32Array(bins).fill(7);
  histogram(values, low, high, expected);
  assert.deepEqual(memory.words(counts, bins), expected, `${bins} bins over [${low}, ${high}]`);
  for (const guard of [before, between, after]) assert.ok(memory.bytes(guard, 4096).every((byte) => byte === 0xa5));
  return memory.words(counts, bins).map((count) => count - 7);
}

function extent(values: Float32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

const binCounts = [1, 2, 3, 40, 100, 256, 2048, 65_536];

describe("kernel histogram", () => {
  for (const distribution of distributions) {
    it(`equals float64 arithmetic on ${distribution}, and counts every value`, () => {
      const values = sample(distribution, 30_011);
      const [low, high] = extent(values);
      for (const bins of binCounts) {
        const counts = compare(values, low, high, bins);
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          values.length,
        );
      }
    });
  }

  it("equals float64 arithmetic for values at, just below and just above every edge", () => {
    for (const [low, high, bins] of [
      [-1, 1, 256],
      [-0.1, 0.3, 100],
      [1000, 1000.5, 2048],
      [-3e38, 3e38, 256],
      [1e-30, 3e-30, 64],
      [0, 1e-40, 16],
      [-127, 127, 255],
    ] as const) {
      const bits = new Uint32Array(1);
      const float = new Float32Array(bits.buffer);
      const values: number[] = [];
      for (let edge = 0; edge <= bins; edge++) {
        float[0] = low + ((high - low) * edge) / bins;
        for (const step of [-2, -1, 0, 1, 2]) {
          const kept = bits[0]!;
          bits[0] = kept + step;
          values.push(float[0]);
          bits[0] = kept;
        }
      }
      compare(Float32Array.from(values), Math.fround(low), Math.fround(high), bins);
      // A range whose ends are no float32.
      compare(Float32Array.from(values), low + (high - low) * 1e-9, high, bins);
    }
  });

  it("equals float64 arithmetic where the ends of the range are no float32", () => {
    const values = Float32Array.from({ length: 8193 }, (_, i) => 1000 + i / 16_384);
    for (const bins of [300, 3000]) compare(values, 1000.00002, 1000.49997, bins);
  });

  it("equals float64 arithmetic over the whole range of float32", () => {
    const largest = 3.4028234663852886e38;
    const values = withSpecials(sample("uniform", 20_000), 0.1).map((value) => value * 3.4e38);
    for (const bins of [1, 2, 3, 7, 256]) compare(values, -largest, largest, bins);
  });

  it("equals float64 arithmetic for more bins than float32 can tell apart", () => {
    const values = sample("uniform", 5000);
    const [low, high] = extent(values);
    for (const bins of [400_000, 600_000, 2_200_000]) compare(values, low, high, bins);
  });

  it("does not count values outside the range, NaN or infinities", () => {
    const values = withSpecials(sample("normal", 20_000), 0.2);
    for (const bins of binCounts) compare(values, -0.5, 0.75, bins);
    assert.deepEqual([...compare(new Float32Array([NaN, Infinity, -Infinity, -2, 2, 1, -1, 0]), -1, 1, 2)], [1, 2]);
  });

  it("counts nothing over an empty or reversed range", () => {
    assert.deepEqual([...compare(new Float32Array(100).fill(1), 1, 1, 4)], [0, 0, 0, 0]);
    assert.deepEqual([...compare(new Float32Array(100).fill(1), 2, 0, 4)], [0, 0, 0, 0]);
  });

  it("handles every length from 0 to 70", () => {
    for (let n = 0; n <= 70; n++) compare(sample("normal", n, n + 1), -1, 1, 16);
  });

  it("equals its twin for any values, range and bins", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float(), { maxLength: 60 }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 5000 }),
        (list, a, b, bins) => {
          compare(Float32Array.from([...list, a, b]), Math.min(a, b), Math.max(a, b), bins);
        },
      ),
      { seed: 5, numRuns: 400 },
    );
  });
});

describe("kernel binErrors", () => {
  it("adds squared errors by the bin of x, as its twin", () => {
    const random = randomFrom(9);
    for (const n of [...Array.from({ length: 20 }, (_, i) => i), 5003]) {
      const values = withSpecials(sample("normal", n, n + 1), 0.1);
      const approximation = values.map((value) => (Number.isFinite(value) ? value + (random() - 0.5) * 0.1 : 0));
      memory.reset();
      const sums = memory.place(new Float64Array(50).fill(1));
      memory.kernels.binErrors(memory.place(values), memory.place(approximation), n, -2, 2.5, 50, sums);
      const expected = new Float64Array(50).fill(1);
      binErrors(values, approximation, -2, 2.5, expected);
      assert.deepEqual(memory.doubles(sums, 50), expected);
    }
  });
});
