import assert from "node:assert/strict";
import * as fc from "fast-check";
import { emptyMoments, outMoments as at } from "../../../src/kernels/layout";
import { moments } from "../../../src/kernels/plain/moments";
import { distributions, sample, withSpecials } from "../../support/distributions";
import { assertClose, KernelMemory } from "../../support/kernelMemory";

const memory = new KernelMemory();

/** Runs the kernel over `values` in pieces of the given lengths (the rest at once). */
function run(values: Float32Array, pivot: number, pieces: number[] = []): Float64Array {
  memory.reset();
  const x = memory.place(values);
  const out = memory.place(emptyMoments());
  let done = 0;
  for (const length of [...pieces, Infinity]) {
    const n = Math.min(length, values.length - done);
    memory.kernels.moments(x + done * 4, n, pivot, out);
    done += n;
  }
  return memory.doubles(out, at.length).slice();
}

function compare(actual: Float64Array, values: Float32Array, pivot: number): void {
  const expected = emptyMoments();
  moments(values, pivot, expected);
  for (const name of ["finite", "nan", "inf", "zero", "min", "max"] as const) {
    assert.ok(actual[at[name]] === expected[at[name]], `${name}: ${actual[at[name]]}, expected ${expected[at[name]]}`);
  }
  // Sums of both signs may cancel: their error is relative to the sum of magnitudes.
  const magnitudes = [0, 0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    for (let k = 1; k <= 4; k++) magnitudes[k - 1]! += Math.abs(value - pivot) ** k;
  }
  for (const [k, name] of (["s1", "s2", "s3", "s4"] as const).entries()) {
    assertClose(actual[at[name]]!, expected[at[name]]!, 1e-12, name, magnitudes[k]);
  }
}

describe("kernel moments", () => {
  for (const distribution of distributions) {
    it(`equals its twin on ${distribution}`, () => {
      const values = sample(distribution, 10_007);
      for (const pivot of [0, values[0]!]) compare(run(values, pivot), values, pivot);
    });
  }

  it("equals its twin for every length from 0 to 70, with and without special values", () => {
    for (let n = 0; n <= 70; n++) {
      const values = sample("normal", n, n + 1);
      compare(run(values, 0.25), values, 0.25);
      const special = withSpecials(values, 0.2, n + 1);
      compare(run(special, 0.25), special, 0.25);
    }
  });

  it("counts NaN, infinities, zeros and denormals wherever they stand in a tile", () => {
    const values = withSpecials(sample("normal", 20_000), 0.005);
    const out = run(values, 0);
    compare(out, values, 0);
    assert.ok(out[at.nan]! > 0 && out[at.inf]! > 0 && out[at.zero]! > 0);
    for (const position of [0, 3, 2047, 2048, 4095]) {
      const one = sample("normal", 4096);
      one[position] = NaN;
      compare(run(one, 0), one, 0);
    }
  });

  it("keeps the spread exact where the mean is far larger", () => {
    const values = sample("uniform", 100_000).map((value) => 1_000_000 + value);
    const out = run(values, values[0]!);
    const n = out[at.finite]!;
    const variance = out[at.s2]! / n - (out[at.s1]! / n) ** 2;
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const expected = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    assertClose(variance, expected, 1e-9, "variance");
  });

  it("leaves the extrema of no values at infinity", () => {
    const out = run(new Float32Array([NaN, NaN, Infinity]), 0);
    assert.deepEqual([...out], [0, 2, 1, 0, Infinity, -Infinity, 0, 0, 0, 0]);
  });

  it("gives the same for any split", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noDefaultInfinity: false }), { maxLength: 200 }),
        fc.array(fc.nat(40), { maxLength: 8 }),
        (list, pieces) => {
          const values = Float32Array.from(list);
          compare(run(values, 0, pieces), values, 0);
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });
});
