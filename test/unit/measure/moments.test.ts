import assert from "node:assert/strict";
import fc from "fast-check";
import { Moments, type MomentSums } from "../../../src/core/measure/moments";
import { assertClose } from "../../support/kernelMemory";

/** What a kernel would report of a block, around any pivot. */
function sumsOf(values: readonly number[], pivot: number): MomentSums {
  const finite = values.filter(Number.isFinite);
  const power = (k: number): number => finite.reduce((sum, value) => sum + (value - pivot) ** k, 0);
  return {
    finite: finite.length,
    nan: values.filter(Number.isNaN).length,
    inf: values.filter((value) => Math.abs(value) === Infinity).length,
    zero: finite.filter((value) => value === 0).length,
    min: Math.min(...finite),
    max: Math.max(...finite),
    pivot,
    s1: power(1),
    s2: power(2),
    s3: power(3),
    s4: power(4),
  };
}

function meanOf(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? 0 : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

/** Moments by the definition, in two passes. */
function expected(values: readonly number[]) {
  const finite = values.filter(Number.isFinite);
  const mean = meanOf(values);
  const central = (k: number): number => finite.reduce((sum, value) => sum + (value - mean) ** k, 0) / finite.length;
  return { mean, std: Math.sqrt(central(2)), kurtosis: central(4) / central(2) ** 2 };
}

const value = fc.oneof(
  // A grid, so that fourth powers of differences are no subnormals.
  { weight: 20, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((steps) => steps / 8192) },
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity),
);

/** A list cut at some places, its pieces in some order. */
const pieces = fc
  .tuple(
    fc.array(value, { minLength: 1, maxLength: 200 }),
    fc.array(fc.nat(200), { maxLength: 8 }),
    fc.array(fc.nat(), { minLength: 9, maxLength: 9 }),
  )
  .map(([values, cuts, order]) => {
    const ends = [...cuts.map((cut) => Math.min(cut, values.length)), values.length].sort((a, b) => a - b);
    const blocks = ends.map((end, i) => values.slice(i === 0 ? 0 : ends[i - 1], end));
    const shuffled = blocks.map((block, i) => ({ block, key: order[i]! })).sort((a, b) => a.key - b.key);
    return { values, blocks: shuffled.map(({ block }) => block) };
  });

describe("moments", () => {
  it("are the same for any split and order of blocks: counts exactly, sums to 1e-12", () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 8 }), ({ values, blocks }, half) => {
        const whole = new Moments();
        whole.add(sumsOf(values, meanOf(values)));
        // Some blocks by one accumulator, the others by another, then merged.
        const [left, right] = [new Moments(), new Moments()];
        blocks.forEach((block, i) => (i < half ? left : right).add(sumsOf(block, meanOf(block))));
        right.merge(left.state());
        const [a, b] = [whole.state(), right.state()];
        for (const key of ["finite", "nan", "inf", "zero", "min", "max"] as const) assert.equal(b[key], a[key], key);
        if (a.finite === 0) return;
        // Odd sums may cancel to nothing: they are as exact as the size of what is summed allows.
        const spread = Math.sqrt(a.m2 / a.finite);
        assertClose(b.mean, a.mean, 1e-12, "mean", Math.max(Math.abs(a.min), Math.abs(a.max)));
        assertClose(b.m2, a.m2, 1e-12, "m2");
        assertClose(b.m3, a.m3, 1e-12, "m3", a.finite * spread ** 3);
        assertClose(b.m4, a.m4, 1e-12, "m4");
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("follow the definitions", () => {
    const values = [1, 2, 4, 8, 16, -3, 0, 0.5];
    const moments = new Moments();
    moments.add(sumsOf(values, 3));
    const result = moments.result();
    const reference = expected(values);
    for (const key of ["mean", "std", "kurtosis"] as const) assertClose(result[key]!, reference[key], 1e-14, key);
    assertClose(result.rms!, Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length), 1e-14, "rms");
    assert.deepEqual([result.count, result.zero, result.min, result.max, result.absMax], [8, 1, -3, 16, 16]);
  });

  it("keep their digits where the mean is far larger than the spread", () => {
    // ±1 around a million: exact std 1, kurtosis 1. Plain power sums have no digit of the fourth moment left.
    const blocks = Array.from({ length: 50 }, (_, i) => Array.from({ length: 100 }, (_, j) => 1e6 + ((i + j) % 2 === 0 ? 1 : -1)));
    const moments = new Moments();
    for (const block of blocks) moments.add(sumsOf(block, block[0]!));
    const { mean, std, kurtosis } = moments.result();
    assert.equal(mean, 1e6);
    assertClose(std!, 1, 1e-12, "std");
    assertClose(kurtosis!, 1, 1e-12, "kurtosis");
  });

  it("have no figures without finite values, and no kurtosis of a constant", () => {
    const none = new Moments();
    none.add(sumsOf([NaN, Infinity], 0));
    assert.deepEqual(none.result(), {
      ...{ count: 2, finite: 0, nan: 1, inf: 1, zero: 0 },
      ...{ min: null, max: null, mean: null, std: null, rms: null, absMax: null, kurtosis: null },
    });
    const constant = new Moments();
    constant.add(sumsOf([0.1, 0.1, 0.1], 0.3));
    constant.add(sumsOf([0.1, 0.1], -5));
    const { mean, std, kurtosis } = constant.result();
    assert.deepEqual([mean, std, kurtosis], [0.1, 0, null]);
  });
});
