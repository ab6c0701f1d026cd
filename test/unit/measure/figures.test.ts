import assert from "node:assert/strict";
import { codeTable, isPacked } from "../../../src/core/measure/codeTable";
import { codeFigures, type TensorFigures, wideFigures } from "../../../src/core/measure/figures";
import { binRange, Histogram } from "../../../src/core/measure/histogram";
import { Moments } from "../../../src/core/measure/moments";
import { countFew } from "../../../src/core/measure/countFew";
import { sparkBins } from "../../../src/core/measure/spark";
import { distributions, randomFrom, sample } from "../../support/distributions";
import { assertClose } from "../../support/kernelMemory";

const bins = 32;

/** Moments of finite values, in one block around their mean. */
function momentsOf(values: readonly number[]): Moments {
  const pivot = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const power = (k: number): number => values.reduce((sum, value) => sum + (value - pivot) ** k, 0);
  const moments = new Moments();
  moments.add({
    ...{ finite: values.length, nan: 0, inf: 0, zero: values.filter((value) => value === 0).length },
    ...{ min: Math.min(...values), max: Math.max(...values), pivot, s1: power(1), s2: power(2), s3: power(3), s4: power(4) },
  });
  return moments;
}

function histogramOf(values: readonly number[]) {
  const histogram = new Histogram(binRange(Math.min(...values), Math.max(...values)), bins);
  for (const value of values) histogram.addValue(value, 1);
  return histogram.result();
}

function percentile(sorted: readonly number[], thousandths: number): number {
  return sorted[Math.max(1, Math.ceil((thousandths * sorted.length) / 1000)) - 1]!;
}

function checkMoments(actual: TensorFigures, values: readonly number[]): void {
  const expected = momentsOf(values).result();
  for (const key of ["finite", "zero", "min", "max", "absMax"] as const) assert.equal(actual[key], expected[key], key);
  for (const key of ["mean", "std", "rms", "kurtosis"] as const) {
    assertClose(actual[key] ?? NaN, expected[key] ?? NaN, 1e-11, key, key === "mean" ? expected.std! : 0);
  }
}

describe("figures from counts of codes", () => {
  for (const dtype of ["BF16", "F16", "I16", "U16", "F8_E4M3", "F8_E5M2", "I8", "U8", "BOOL"]) {
    it(`are exact for ${dtype}`, () => {
      const table = codeTable(dtype)!;
      const random = randomFrom(7);
      const codes = Uint16Array.from({ length: 5000 }, () => Math.floor(random() ** 2 * table.length));
      const values = Array.from(codes, (code) => table[code]!);
      const finite = values.filter((value) => Math.abs(value) < 1e30);
      const kept = codes.filter((code) => !(Math.abs(table[code]!) >= 1e30));
      const figures = codeFigures(table, countFew(kept), bins);
      assert.equal(figures.nan, values.filter(Number.isNaN).length);
      checkMoments(figures, finite);
      const sorted = [...finite].sort((a, b) => a - b);
      for (const [key, thousandths] of [
        ["0.1", 1],
        ["50", 500],
        ["99.9", 999],
      ] as const) {
        assert.equal(figures.percentiles![key], percentile(sorted, thousandths), key);
      }
      assert.deepEqual(figures.histogram, histogramOf(finite));
    });
  }

  it("exist for types of at most 16 bits only", () => {
    for (const dtype of ["F32", "F64", "I32", "C64", "Q4_0", "IQ4_NL", "no type"]) assert.equal(codeTable(dtype), undefined, dtype);
    assert.equal(codeTable("F4"), codeTable("BF16"));
    assert.deepEqual(["F4", "F6_E2M3", "F8_E4M3", "Q8_0"].map(isPacked), [true, true, false, false]);
  });

  it("are null where nothing is finite", () => {
    const figures = codeFigures(codeTable("F16")!, countFew([0x7c00, 0xfc00, 0x7e00]), bins);
    assert.deepEqual([figures.count, figures.inf, figures.nan], [3, 2, 1]);
    assert.deepEqual([figures.mean, figures.histogram, figures.percentiles], [null, null, null]);
    assert.deepEqual(figures.spark, new Array(sparkBins).fill(0));
  });
});

describe("figures of wide types", () => {
  for (const distribution of distributions) {
    it(`have percentiles within 2^-8 of the exact ones: ${distribution}`, () => {
      const values = [...sample(distribution, 4000, 8)];
      const bits = new Uint32Array(Float32Array.from(values).buffer);
      const figures = wideFigures(momentsOf(values).state(), countFew(bits.map((word) => word >>> 16)), null);
      const sorted = [...values].sort((a, b) => a - b);
      for (const [key, thousandths] of [
        ["0.1", 1],
        ["1", 10],
        ["25", 250],
        ["50", 500],
        ["99", 990],
        ["99.9", 999],
      ] as const) {
        const expected = percentile(sorted, thousandths);
        // Denormal numbers are as far apart as the smallest normal ones.
        assert.ok(
          Math.abs(figures.percentiles![key]! - expected) <= 2 ** -8 * Math.max(2 ** -126, Math.abs(expected)),
          `${key}: ${figures.percentiles![key]} for ${expected}`,
        );
      }
    });
  }

  it("never have percentiles outside of the values", () => {
    const values = [1 / 3, 1 / 3, 1 / 3];
    const figures = wideFigures(momentsOf(values).state(), countFew([0x3eaa, 0x3eaa, 0x3eaa]), null);
    assert.equal(figures.percentiles!["50"], 1 / 3);
  });
});
