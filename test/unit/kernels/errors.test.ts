import assert from "node:assert/strict";
import * as fc from "fast-check";
import { outErrors as at } from "../../../src/kernels/layout";
import { affine, affineGroups } from "../../../src/kernels/plain/affine";
import { errors } from "../../../src/kernels/plain/errors";
import { distributions, randomFrom, sample, withSpecials } from "../../support/distributions";
import { assertClose, KernelMemory } from "../../support/kernelMemory";

const memory = new KernelMemory();

function compare(actual: Float64Array, expected: Float64Array): void {
  for (const name of ["count", "largest", "within5"] as const) {
    assert.ok(Object.is(actual[at[name]], expected[at[name]]), `${name}: ${actual[at[name]]}, expected ${expected[at[name]]}`);
  }
  // Σx·y may cancel: its error is relative to the norms.
  const norms = Math.sqrt(expected[at.squareX]! * expected[at.squareY]!);
  for (const name of ["absolute", "square", "squareX", "squareY"] as const)
    assertClose(actual[at[name]]!, expected[at[name]]!, 1e-12, name);
  assertClose(actual[at.product]!, expected[at.product]!, 1e-12, "product", norms);
}

/** Finite approximations of any values: small and large errors, exact ones, zeros. */
function approximate(values: Float32Array, seed: number): Float32Array {
  const random = randomFrom(seed);
  return values.map((value) => {
    const kind = random();
    const finite = Number.isFinite(value) ? value : 1;
    if (kind < 0.1) return finite;
    if (kind < 0.2) return 0;
    return Math.fround(finite * (1 + (random() - 0.5) * 0.2));
  });
}

function compareErrors(x: Float32Array, y: Float32Array): Float64Array {
  memory.reset();
  const out = memory.place(new Float64Array(at.length));
  memory.kernels.errors(memory.place(x), memory.place(y), x.length, out);
  const expected = new Float64Array(at.length);
  errors(x, y, expected);
  compare(memory.doubles(out, at.length), expected);
  return expected;
}

describe("kernel errors", () => {
  for (const distribution of distributions) {
    it(`equals its twin on ${distribution}`, () => {
      const x = sample(distribution, 10_007);
      compareErrors(x, approximate(x, 4));
    });
  }

  it("equals its twin for every length from 0 to 70, with and without special values", () => {
    for (let n = 0; n <= 70; n++) {
      const x = sample("normal", n, n + 1);
      compareErrors(x, approximate(x, n));
      const special = withSpecials(x, 0.2, n + 1);
      compareErrors(special, approximate(special, n));
    }
  });

  it("takes errors at exactly five percent as within, and a zero only if it stays zero", () => {
    // 20 − 19 is exactly 0.05 · 20 in float64.
    const counted = compareErrors(new Float32Array([20, 20, 0, 0, -0, -20]), new Float32Array([19, 18.999998, 0, 1e-40, 0, -21]));
    assert.equal(counted[at.within5], 4);
  });

  it("lets an overflowed approximation show in the sums", () => {
    compareErrors(new Float32Array([1, 2, 3, 4]), new Float32Array([1, Infinity, 3, 4]));
    compareErrors(new Float32Array([1, 2, 3, 4]), new Float32Array([1, NaN, 3, 4]));
  });
});

function compareAffine(x: Float32Array, bits: number, symmetric: boolean, low: number, high: number, keep = true): void {
  memory.reset();
  const out = memory.place(new Float64Array(at.length));
  const source = memory.place(x);
  const y = keep ? memory.room(x.byteLength) : 0;
  memory.kernels.affine(source, x.length, low, high, bits, symmetric ? 1 : 0, y, out);
  const expected = new Float64Array(at.length);
  const values = new Float32Array(x.length);
  affine(x, low, high, bits, symmetric, values, expected);
  compare(memory.doubles(out, at.length), expected);
  if (keep) memory.floats(y, x.length).forEach((value, i) => assert.ok(value === values[i], `value ${i}: ${value}, expected ${values[i]}`));
}

function compareGroups(x: Float32Array, columns: number, group: number, bits: number, symmetric: boolean, keep = true): void {
  memory.reset();
  const out = memory.place(new Float64Array(at.length));
  const source = memory.place(x);
  const y = keep ? memory.room(x.byteLength) : 0;
  memory.kernels.affineGroups(source, x.length / columns, columns, group, bits, symmetric ? 1 : 0, y, out);
  const expected = new Float64Array(at.length);
  const values = new Float32Array(x.length);
  affineGroups(x, columns, group, bits, symmetric, values, expected);
  compare(memory.doubles(out, at.length), expected);
  if (keep) memory.floats(y, x.length).forEach((value, i) => assert.ok(value === values[i], `value ${i}: ${value}, expected ${values[i]}`));
}

const both = [false, true];

describe("kernel affine", () => {
  for (const distribution of distributions) {
    it(`equals float64 arithmetic on ${distribution} for 2 to 32 bits, symmetric and not`, () => {
      const x = sample(distribution, 4099);
      const low = x.reduce((a, b) => Math.min(a, b));
      const high = x.reduce((a, b) => Math.max(a, b));
      for (let bits = 2; bits <= 32; bits++) for (const symmetric of both) compareAffine(x, bits, symmetric, low, high);
      for (const symmetric of both) compareAffine(x, 4, symmetric, low / 2, high / 3);
    });
  }

  it("handles every length from 0 to 70 and special values, with and without writing", () => {
    for (let n = 0; n <= 70; n++) {
      const x = withSpecials(sample("normal", n, n + 1), n % 2 === 0 ? 0 : 0.2, n + 1);
      for (const symmetric of both) for (const keep of both) compareAffine(x, 8, symmetric, -2, 3, keep);
    }
    compareAffine(withSpecials(sample("normal", 10_001), 0.001), 8, false, -2, 3);
  });

  it("rounds ties to even", () => {
    compareAffine(new Float32Array([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 7, -7]), 4, true, -7, 7);
    const x = new Float32Array([0.5, 1.5, 2.5, 15, 3.5]);
    memory.reset();
    const y = memory.room(x.byteLength);
    memory.kernels.affine(memory.place(x), x.length, 0, 15, 4, 0, y, memory.room(64));
    assert.deepEqual([...memory.floats(y, x.length)], [0, 2, 2, 15, 4]);
  });

  it("turns a tensor of zeros into zeros", () => {
    for (const symmetric of both) compareAffine(new Float32Array(33), 4, symmetric, 0, 0);
  });

  it("finds the range of every run of a row itself", () => {
    for (const distribution of distributions) {
      const x = sample(distribution, 40 * 96);
      for (const symmetric of both) {
        for (const group of [32, 64, 96]) compareGroups(x, 96, group, 4, symmetric);
        compareGroups(x, 3840, 3840, 8, symmetric);
      }
    }
  });

  it("takes rows and groups of any length, shorter last groups and special values", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 75 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 2, max: 32 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(1000),
        (columns, rows, group, bits, symmetric, keep, seed) => {
          const x = withSpecials(sample("heavy tails", rows * columns, seed + 1), seed % 3 === 0 ? 0.1 : 0, seed);
          compareGroups(x, columns, group, bits, symmetric, keep);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});
