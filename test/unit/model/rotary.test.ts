import assert from "node:assert/strict";
import { ConfigReader } from "../../../src/core/convert/config";
import { rotaryFromConfig } from "../../../src/core/model/configRotary";
import { plainFrequencies, yarnFrequencies, yarnMagnitude } from "../../../src/core/model/frequencies";
import { rmsNorm } from "../../../src/core/model/norm";
import { rotate, rotaryTable } from "../../../src/core/model/rotary";
import { FormatError } from "../../../src/core/errors";

const base = { hidden_size: 16, num_attention_heads: 2, max_position_embeddings: 64 };

describe("positions", () => {
  it("turn pairs of values by their angle, halves or neighbours", () => {
    for (const pairs of ["halves", "interleaved"] as const) {
      const table = rotaryTable({ dimensions: 4, pairs, frequencies: [1, 0.5], factor: 1 }, 4);
      const values = Float32Array.of(9, 1, 0, 0, 1, 9);
      rotate(table, 3, values, 1);
      const [a, b] = pairs === "halves" ? [1, 3] : [1, 2];
      // (1, 0) becomes the cosine and sine of three times the angle.
      assert.ok(Math.abs(values[a]! - Math.cos(3)) < 1e-6 && Math.abs(values[b]! - Math.sin(3)) < 1e-6);
      const [c, d] = pairs === "halves" ? [2, 4] : [3, 4];
      assert.ok(Math.abs(values[c]! + Math.sin(1.5)) < 1e-6 && Math.abs(values[d]! - Math.cos(1.5)) < 1e-6);
      assert.deepEqual([values[0], values[5]], [9, 9]);
    }
  });

  it("leave values alone beyond the dimensions that are turned, and at position 0", () => {
    const table = rotaryTable({ dimensions: 2, pairs: "halves", frequencies: [1], factor: 1 }, 2);
    const values = Float32Array.of(1, 2, 3, 4);
    rotate(table, 0, values, 0);
    assert.deepEqual([...values], [1, 2, 3, 4]);
    rotate(table, 1, values, 0);
    assert.deepEqual([...values.subarray(2)], [3, 4]);
  });

  it("take the factors for long sequences only beyond the first context, and for the whole sequence", () => {
    const rotary = { dimensions: 2, pairs: "halves", frequencies: [1], long: { context: 3, frequencies: [0.25] }, factor: 2 } as const;
    assert.ok(Math.abs(rotaryTable(rotary, 3).cosines[1]! - 2 * Math.cos(1)) < 1e-6);
    assert.ok(Math.abs(rotaryTable(rotary, 4).cosines[1]! - 2 * Math.cos(0.25)) < 1e-6);
  });

  it("are scaled as config.json says", () => {
    const plain = plainFrequencies(10_000, 8);
    const of = (scaling: object | undefined) => rotaryFromConfig(new ConfigReader({ ...base, ...(scaling && { rope_scaling: scaling }) }));
    assert.deepEqual(of(undefined).frequencies, plain);
    assert.deepEqual(of({ rope_type: "dynamic", factor: 4 }).frequencies, plain);
    assert.deepEqual(
      of({ type: "linear", factor: 4 }).frequencies,
      plain.map((frequency) => frequency / 4),
    );
    const yarn = of({ rope_type: "yarn", factor: 4, original_max_position_embeddings: 16 });
    assert.ok(Math.abs(yarn.factor - (0.1 * Math.log(4) + 1)) < 1e-12);
    assert.equal(of({ rope_type: "yarn", factor: 4, attention_factor: 1 }).factor, 1);
    assert.equal(of({ rope_type: "yarn", factor: 4, mscale: 0.7, mscale_all_dim: 0.7 }).factor, 1);
    assert.throws(
      () => of({ rope_type: "spiral" }),
      (error: unknown) => error instanceof FormatError && error.code === "model.unknown-part" && error.fields.found === "spiral",
    );
  });

  it("are stretched by YaRN between the fast and the slow pairs", () => {
    // Turns over 2048 positions: from 326 down to 0.04.
    const scaling = { theta: 10_000, dimensions: 64, factor: 8, original: 2048, betaFast: 32, betaSlow: 1, truncate: true };
    const stretched = yarnFrequencies(scaling);
    const shares = plainFrequencies(10_000, 64).map((frequency, i) => frequency / stretched[i]!);
    assert.equal(shares[0], 1);
    assert.ok(Math.abs(shares[31]! - 8) < 1e-9);
    shares.slice(1).forEach((share, i) => assert.ok(share >= shares[i]! - 1e-12));
    // The pair that turns 32 times is the eighth, the one that turns once the twenty-first.
    assert.equal(shares.filter((share) => share === 1).length, 9);
    assert.equal(shares.filter((share) => Math.abs(share - 8) < 1e-9).length, 11);
    assert.equal(yarnMagnitude(1), 1);
  });
});

describe("root-mean-square normalization", () => {
  it("divides runs of values by their root mean square, and multiplies with the weights", () => {
    const values = Float32Array.of(3, 4, 0, 0, 1, 1);
    const target = new Float32Array(6);
    rmsNorm(values, Float32Array.of(1, 2), 0.5, 0, target);
    const first = 1 / Math.sqrt(12.5 + 0.5);
    const expected = [3 * first, 8 * first, 0, 0, 1 / Math.sqrt(1.5), 2 / Math.sqrt(1.5)];
    target.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6));
  });

  it("adds 1 to the weights of Gemma, and works in place", () => {
    const values = Float32Array.of(2, 2);
    rmsNorm(values, Float32Array.of(0, 1), 0, 1, values);
    assert.deepEqual([...values], [1, 2]);
  });
});
