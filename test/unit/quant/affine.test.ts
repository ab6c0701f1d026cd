import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAffine } from "../../../src/core/quant/affine";
import { affineCode, affineRange, affineReconstruct, affineValue } from "../../../src/core/quant/affineArithmetic";
import { roundHalfEven } from "../../../src/core/quant/roundHalfEven";
import type { AffineScheme } from "../../../src/core/quant/scheme";

function scheme(name: string): AffineScheme {
  const parsed = parseAffine(name);
  assert.ok(parsed, name);
  return parsed;
}

const seeded = { seed: 20_260, numRuns: 300 };
const finite = fc.float({ noNaN: true, min: Math.fround(-1e6), max: Math.fround(1e6) });

describe("affine names", () => {
  it("default to asymmetric and per tensor", () => {
    const { bits, symmetric, granularity, family } = scheme("int8");
    assert.deepEqual(
      { bits, symmetric, granularity, family },
      { bits: 8, symmetric: false, granularity: { kind: "tensor" }, family: "affine" },
    );
  });

  it("compose bits, symmetry and granularity in any case", () => {
    const { id, bits, symmetric, granularity } = scheme("INT5-Sym-Channel");
    assert.deepEqual(
      { id, bits, symmetric, granularity },
      { id: "int5-sym-channel", bits: 5, symmetric: true, granularity: { kind: "channel" } },
    );
    assert.deepEqual(scheme("int4-asym-g128").granularity, { kind: "group", size: 128 });
    assert.equal(scheme("int16-tensor").bits, 16);
  });

  it("refuse what is not a scheme", () => {
    for (const name of [
      "int1",
      "int33",
      "int17-kl",
      "int",
      "int8-",
      "int4-g0",
      "int4-g",
      "int4-channel-sym",
      "xint4",
      "int4-g9999999999",
    ]) {
      assert.equal(parseAffine(name), undefined, name);
    }
  });
});

describe("affine bytes", () => {
  it("int4 in groups of 128 takes 4.15625 bits a weight: codes, F16 scales and packed zero-points", () => {
    assert.equal((8 * scheme("int4-g128").bytes([4096, 4096])) / 4096 ** 2, 4.15625);
  });

  it("counts codes, scales and zero-points of odd shapes", () => {
    // 3 × 5 values of 3 bits: 6 bytes; 2 runs a row (3 and 2 values): 6 scales, 6 zero-points of 3 bits.
    assert.equal(scheme("int3-g3").bytes([3, 5]), 6 + 12 + 3);
    assert.equal(scheme("int3-sym-g3").bytes([3, 5]), 6 + 12);
    assert.equal(scheme("int8-channel").bytes([2, 3, 7]), 42 + 12 + 6);
    assert.equal(scheme("int8").bytes([10, 10]), 100 + 2 + 1);
    assert.equal(scheme("int8-sym").bytes([]), 1 + 2);
    assert.equal(scheme("int8").bytes([0, 5]), 0);
  });
});

describe("affine arithmetic", () => {
  it("rounds halves to even", () => {
    assert.deepEqual([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999, 2.5001].map(roundHalfEven), [-2, -2, 0, 0, 2, 2, 2, 3]);
  });

  it("follows the textbook on a worked example", () => {
    // [−1, 3] in 2 bits: scale 4/3, zero-point round(0.75) = 1.
    const range = affineRange(-1, 3, 2, false);
    assert.deepEqual(range, { scale: 4 / 3, zeroPoint: 1, minCode: 0, maxCode: 3 });
    assert.deepEqual(
      [-1, 0, 1, 3].map((x) => affineCode(x, range)),
      [0, 1, 2, 3],
    );
    assert.equal(affineValue(3, range), 8 / 3);
    assert.deepEqual(affineRange(-1, 3, 3, true), { scale: 1, zeroPoint: 0, minCode: -3, maxCode: 3 });
  });

  it("keeps zero exact and the range's sign sides", () => {
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 2, max: 16 }),
        fc.boolean(),
        (values, bits, symmetric) => {
          const range = affineRange(Math.min(...values), Math.max(...values), bits, symmetric);
          assert.equal(affineValue(affineCode(0, range), range), 0);
        },
      ),
      seeded,
    );
  });

  it("errs by at most half a step symmetrically, and by at most one where the rounded zero-point shifts the range", () => {
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 16 }),
        fc.boolean(),
        (values, bits, symmetric) => {
          const source = Float32Array.from(values);
          const { values: back, ranges } = affineReconstruct(source, source.length, scheme(`int${bits}${symmetric ? "-sym" : ""}`));
          const { scale, zeroPoint, minCode, maxCode } = ranges[0]!;
          source.forEach((value, i) => {
            const inside = value >= scale * (minCode - zeroPoint) && value <= scale * (maxCode - zeroPoint);
            const bound = (inside || symmetric ? 0.5 : 1) * scale;
            assert.ok(Math.abs(value - back[i]!) <= bound * (1 + 1e-9) + 1e-300, `${value} → ${back[i]!}, scale ${scale}`);
          });
        },
      ),
      seeded,
    );
  });

  it("is monotone: larger values never come out smaller", () => {
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 2, max: 10 }),
        fc.boolean(),
        (values, bits, symmetric) => {
          const source = Float32Array.from(values).sort();
          const { values: back } = affineReconstruct(source, source.length, scheme(`int${bits}${symmetric ? "-sym" : ""}`));
          for (let i = 1; i < back.length; i++) assert.ok(back[i]! >= back[i - 1]!);
        },
      ),
      seeded,
    );
  });

  it("is idempotent: quantizing what came out changes nothing in the range it kept", () => {
    const source = Float32Array.from({ length: 64 }, (_, i) => (i - 31) / 32);
    const { values, ranges } = affineReconstruct(source, 64, scheme("int6-sym"));
    for (const value of values) assert.equal(affineValue(affineCode(value, ranges[0]!), ranges[0]!), value);
  });

  it("gives every run its own range; the last run of a row may be short and never reaches into the next", () => {
    const source = Float32Array.of(1, 1, 1, 1, 100, /* next row */ 7, 7, 7, 7, 0.5);
    const { ranges, values } = affineReconstruct(source, 5, scheme("int8-sym-g4"));
    assert.deepEqual(
      ranges.map(({ scale }) => scale * 127),
      [1, 100, 7, 0.5],
    );
    assert.deepEqual(Array.from(values), Array.from(source));
    assert.equal(affineReconstruct(source, 5, scheme("int8-sym-channel")).ranges.length, 2);
    assert.equal(affineReconstruct(source, 5, scheme("int8-sym")).ranges.length, 1);
  });

  it("leaves non-finite values out of the range and stores zero for them", () => {
    const { values, ranges } = affineReconstruct(Float32Array.of(NaN, Infinity, -2, 2, -Infinity), 5, scheme("int8-sym"));
    assert.equal(ranges[0]!.scale, 2 / 127);
    assert.deepEqual(Array.from(values), [0, 0, -2, 2, 0]);
  });

  it("stores all-zero and empty tensors", () => {
    assert.deepEqual(Array.from(affineReconstruct(new Float32Array(4), 2, scheme("int4-g2")).values), [0, 0, 0, 0]);
    assert.equal(affineReconstruct(new Float32Array(0), 0, scheme("int4")).ranges.length, 0);
  });
});
