import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { ActivationErrors } from "../../../src/core/calibrate/activationErrors";
import { ActivationAccumulator, type ActivationFigures } from "../../../src/core/calibrate/activations";
import { calibrationMethods, findMethod } from "../../../src/core/calibrate/calibrationMethods";
import { fineBins, GrowingHistogram, magnitudesOf, signedOf } from "../../../src/core/calibrate/growingHistogram";
import { magnitudeBins } from "../../../src/core/calibrate/magnitudes";
import { OrderedSums } from "../../../src/core/calibrate/orderedSums";
import { UsageError } from "../../../src/core/errors";
import { affineCode, affineRange, affineValue } from "../../../src/core/quant/affineArithmetic";
import { calibrationValues } from "../../support/calibrationValues";

interface Vector {
  min: number;
  max: number;
  pq_mse: { amax: number; mse_min: number };
  pq_entropy: { amax: number; kl_min: number };
  pq_percentile: { percentile: number; edge: number }[];
  ort_entropy_2048_128: { threshold: [number, number]; kl_min: number };
}

const golden = JSON.parse(readFileSync(path.join(__dirname, "../../fixtures/calibration_golden.json"), "utf8")) as {
  cases: Record<"signed" | "relu", Vector>;
};
const columns = 4;
const value = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -100, max: 100, noNaN: true }) },
  fc.constantFrom(0, -0, 1, -1, 2 ** -140, 2 ** -149, 3.4e38, -3.4e38, 64, 128, NaN, Infinity, -Infinity),
);
const rowsOf = fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { maxLength: 12 });

function accumulate(rows: readonly number[][]): ActivationAccumulator {
  const all = new ActivationAccumulator(columns);
  all.add({ values: Float32Array.from(rows.flat()), rows: rows.length });
  return all;
}

describe("figures of activations", () => {
  it("of parts, merged in any order, are those of the whole", () => {
    fc.assert(
      fc.property(fc.array(rowsOf, { minLength: 1, maxLength: 5 }), fc.nat(), (parts, turn) => {
        const whole = accumulate(parts.flat()).result();
        const turned = parts.map((_, i) => parts[(i + turn) % parts.length]!);
        const merged = new ActivationAccumulator(columns);
        for (const part of turned) merged.merge(accumulate(part).state());
        const { channelSquares, ...found } = merged.result();
        const { channelSquares: expected, ...rest } = whole;
        assert.deepEqual(found, rest);
        expected.forEach((sum, column) =>
          assert(Math.abs(channelSquares[column]! - sum) <= 1e-12 * sum, `${channelSquares[column]} ${sum}`),
        );
      }),
      { numRuns: 400, seed: 4 },
    );
  });

  it("are what they are called", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const found: ActivationFigures = accumulate(rows).result();
        const all = Array.from(Float32Array.from(rows.flat()));
        const finite = all.filter(Number.isFinite);
        assert.deepEqual([found.rows, found.nonFinite], [rows.length, all.length - finite.length]);
        assert.equal(
          found.min,
          finite.reduce((least, x) => (x < least ? x : least), Infinity),
        );
        assert.equal(
          found.max,
          finite.reduce((most, x) => (x > most ? x : most), -Infinity),
        );
        for (let column = 0; column < columns; column++) {
          const own = rows.map((row) => Math.fround(row[column]!)).filter(Number.isFinite);
          assert.equal(
            found.channelMax[column],
            own.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
          );
          assert.equal(
            found.channelSquares[column],
            own.reduce((sum, x) => sum + x * x, 0),
          );
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe("sums of runs", () => {
  it("have the same digits however the runs are shared out", () => {
    const runs = fc.array(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 8,
    });
    const summed = (parts: readonly number[][][]): number => {
      const all = new OrderedSums(1);
      for (const part of parts) {
        const own = new OrderedSums(1);
        for (const run of part) {
          for (const item of run) own.current()[0]! += item;
          own.endRun();
        }
        all.merge(own.state());
      }
      return all.total()[0]!;
    };
    fc.assert(
      fc.property(runs, fc.nat(8), (items, cut) => {
        const whole = summed([items]);
        assert.equal(summed([items.slice(0, cut), items.slice(cut)]), whole);
        assert.equal(summed(items.map((run) => [run])), whole);
      }),
      { numRuns: 300, seed: 9 },
    );
  });
});

describe("a histogram that grows", () => {
  it("has every value in the bin of its magnitude, and a range of which more than half is used", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (items) => {
        const values = Float32Array.from(items);
        const histogram = new GrowingHistogram();
        for (const one of values) histogram.add(Float32Array.of(one));
        const state = histogram.result();
        const finite = Array.from(values).filter(Number.isFinite);
        const expected = { negative: new Float64Array(fineBins), positive: new Float64Array(fineBins) };
        for (const x of finite) {
          const bin = Math.floor(Math.abs(x) / (2 ** state.exponent / fineBins));
          expected[x < 0 ? "negative" : "positive"][bin]!++;
        }
        assert.deepEqual({ negative: state.negative, positive: state.positive }, expected);
        const most = finite.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
        assert(most < 2 ** state.exponent);
        if (most > 2 ** -136) assert(2 * most >= 2 ** state.exponent, `${most} of ${2 ** state.exponent}`);
        if (most === 0) return;
        const { max, counts } = magnitudesOf(state, most);
        assert.deepEqual([max, counts.length], [most, magnitudeBins]);
        // Every value is at most one fine bin from where it is counted.
        let [below, seen] = [0, 0];
        const magnitudes = finite.map(Math.abs).sort((a, b) => a - b);
        counts.forEach((count, bin) => {
          for (; below < seen + count; below++) {
            const place = (magnitudes[below]! / most) * magnitudeBins;
            assert(place >= bin - 0.5 && place <= bin + 1.5, `${magnitudes[below]} in bin ${bin} of ${most}`);
          }
          seen += count;
        });
        assert.equal(seen, finite.length);
        const signed = signedOf(state, most);
        assert.deepEqual([signed.min, signed.max, signed.counts.length], [-most, most, magnitudeBins]);
        assert.equal(
          signed.counts.slice(0, magnitudeBins / 2).reduce((sum, count) => sum + count, 0),
          finite.filter((x) => x < 0).length,
        );
      }),
      { numRuns: 400, seed: 6 },
    );
  });

  for (const kind of ["signed", "relu"] as const) {
    it(`leads every method to the range of the reference: ${kind} values`, () => {
      const { min, max, pq_mse, pq_entropy, pq_percentile, ort_entropy_2048_128 } = golden.cases[kind];
      const all = new ActivationAccumulator(64);
      const values = Float32Array.from(calibrationValues(kind));
      // In batches of other ranges, so that it has to grow.
      for (const [from, to] of [
        [0, 640],
        [640, 4096],
        [4096, 65536],
      ] as const) {
        all.add({ values: values.subarray(from, to), rows: (to - from) / 64 });
      }
      const { histogram, min: low, max: high } = all.result();
      assert.deepEqual([low, high], [min, max]);
      const observed = { low, high, histogram };
      const close = (found: number, expected: number, tolerance = 1e-6): void =>
        assert(Math.abs(found - expected) <= tolerance * max, `${found}, expected ${expected}`);
      const least = (curve: readonly { loss: number }[]): number => Math.min(...curve.map(({ loss }) => loss));
      const mse = findMethod("mse").choose(observed, 8);
      close(mse.high, pq_mse.amax);
      close(least(mse.curve!) / pq_mse.mse_min, 1, 1e-4);
      const entropy = findMethod("entropy").choose(observed, 8);
      close(entropy.high, pq_entropy.amax);
      close(least(entropy.curve!) / pq_entropy.kl_min, 1, 2e-3);
      const onnx = findMethod("onnx-entropy").choose(observed, 8);
      close(onnx.low, ort_entropy_2048_128.threshold[0]);
      close(onnx.high, ort_entropy_2048_128.threshold[1]);
      close(least(onnx.curve!) / ort_entropy_2048_128.kl_min, 1, 2e-3);
      close(findMethod("percentile").choose(observed, 8).high, pq_percentile.find(({ percentile }) => percentile === 99.99)!.edge);
      assert.deepEqual(findMethod("minmax").choose(observed, 8), { low, high });
    });
  }
});

describe("calibration methods", () => {
  it("choose ranges inside that of the values, also of few, equal or no values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { maxLength: 30 }),
        fc.constantFrom(2, 4, 8),
        (items, bits) => {
          const all = new ActivationAccumulator(1);
          all.add({ values: Float32Array.from(items), rows: items.length });
          const { min, max, histogram } = all.result();
          const observed = min <= max ? { low: min, high: max, histogram } : { low: 0, high: 0, histogram };
          for (const method of calibrationMethods) {
            const { low, high } = method.choose(observed, bits);
            assert(
              low >= observed.low && high <= observed.high && low <= high,
              `${method.id}: ${low} ${high} of ${observed.low} ${observed.high}`,
            );
          }
        },
      ),
      { numRuns: 15, seed: 7 },
    );
  });

  it("of an unknown name are refused with those there are", () => {
    assert.throws(
      () => findMethod("entropi"),
      (error: unknown) => {
        assert(error instanceof UsageError && error.code === "unknown-method");
        return error.fields.expected === "minmax, percentile, mse, entropy, onnx-entropy";
      },
    );
  });
});

describe("errors of quantized activations", () => {
  it("are those of the codes, with fixed ranges and with one for each token", () => {
    fc.assert(
      fc.property(rowsOf, fc.constantFrom(2, 4, 8), (rows, bits) => {
        const ranges = [affineRange(-3, 5, bits, false), affineRange(-100, 100, bits, true), affineRange(0, 0, bits, false)];
        const whole = new ActivationErrors(columns, ranges, bits);
        const parts = [rows.slice(0, 3), rows.slice(3)].map((part) => {
          const errors = new ActivationErrors(columns, ranges, bits);
          errors.add({ values: Float32Array.from(part.flat()), rows: part.length });
          return errors.state();
        });
        for (const part of parts) whole.merge(part);
        const { values, fixed, dynamic, signal } = whole.result();
        const floats = rows.map((row) => row.map(Math.fround).filter(Number.isFinite));
        const errorOf = (x: number, range: (typeof ranges)[number]): number => (affineValue(affineCode(x, range), range) - x) ** 2;
        const sum = (items: readonly number[]): number => items.reduce((total, item) => total + item, 0);
        const close = (found: number, expected: number): void =>
          assert(Math.abs(found - expected) <= 1e-9 * Math.abs(expected) || found === expected, `${found}, expected ${expected}`);
        assert.equal(values, floats.flat().length);
        close(signal, sum(floats.flat().map((x) => x * x)));
        ranges.forEach((range, i) => close(fixed[i]!, sum(floats.flat().map((x) => errorOf(x, range)))));
        close(
          dynamic,
          sum(floats.flatMap((row) => row.map((x) => errorOf(x, affineRange(Math.min(0, ...row), Math.max(0, ...row), bits, false))))),
        );
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});
