import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TensorStats } from "../../src/core/measure/reports";
import type { StatsReport } from "../../src/jobs/contract";
import { cliJson } from "../support/cli";
import { ggmlOrSkip } from "../support/ggml";
import { assertClose } from "../support/kernelMemory";
import { numpyOrSkip, runPython } from "../support/python";
import { type HeaderTensor, readGgufHeader, readSafetensorsHeader } from "../support/references";
import { sharedOrSkip } from "../support/shared";
import { writeStatsTensors } from "../support/statsTensors";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");
const script = path.join(__dirname, "stats_reference.py");

/** What the command prints: tensors that were left out are named only if there are any. */
type StatsDocument = Omit<StatsReport, "skipped"> & Partial<Pick<StatsReport, "skipped">>;

/** Where the reference finds the values of a tensor. */
interface Source {
  name: string;
  file: string;
  offset: number;
  bytes: number;
  dtype: string;
}

/** What the script computes; keys are absent where no value is finite. */
interface Reference extends Record<"count" | "finite" | "nan" | "inf" | "zero", number> {
  min?: number;
  max?: number;
  absMax?: number;
  mean?: number;
  std?: number;
  rms?: number;
  kurtosis?: number | null;
  percentiles?: Record<string, number>;
  histogram?: { min: number; max: number; counts: number[]; atLeast: number[]; atMost: number[] };
}

const counts = ["count", "finite", "nan", "inf", "zero"] as const;
const exact = ["min", "max", "absMax"] as const;
const close = ["mean", "std", "rms", "kurtosis"] as const;

/** Types whose every code is counted: their percentiles are exact. */
const exactPercentiles = new Set(
  "BF16 F16 I16 U16 I8 U8 BOOL F8_E4M3 F8_E5M2 F8_E4M3FNUZ F8_E5M2FNUZ F8_E8M0 F6_E2M3 F6_E3M2 F4".split(" "),
);
const largestFloat32 = (2 - 2 ** -23) * 2 ** 127;
/** Half the width of a bucket of float32 patterns at the bottom of the range, where all exponents are zero. */
const subnormalBucket = 2 ** -133;

function checkTensor(actual: TensorStats, expected: Reference, dtype: string): void {
  for (const key of counts) assert.equal(actual[key], expected[key], `${actual.name}: ${key}`);
  for (const key of exact) assert.equal(actual[key], expected[key] ?? null, `${actual.name}: ${key}`);
  for (const key of close) {
    const reference = expected[key] ?? null;
    if (actual[key] === null || reference === null) assert.equal(actual[key], reference, `${actual.name}: ${key}`);
    else assertClose(actual[key], reference, 1e-6, `${actual.name}: ${key}`);
  }
  checkPercentiles(actual, expected, exactPercentiles.has(dtype));
  checkHistogram(actual, expected);
}

function checkPercentiles({ name, percentiles }: TensorStats, expected: Reference, isExact: boolean): void {
  if (!expected.percentiles) return assert.equal(percentiles, null, name);
  assert.deepEqual(Object.keys(percentiles!).sort(), Object.keys(expected.percentiles).sort(), name);
  for (const [key, value] of Object.entries(expected.percentiles)) {
    // Patterns of float32 end there.
    const reference = Math.max(-largestFloat32, Math.min(largestFloat32, value));
    const actual = percentiles![key]!;
    const bound = isExact ? 0 : Math.max(2 ** -8 * Math.abs(reference), subnormalBucket);
    assert.ok(Math.abs(actual - reference) <= bound, `${name}: percentile ${key} is ${actual}, expected ${reference}`);
  }
}

function checkHistogram({ name, histogram }: TensorStats, expected: Reference): void {
  if (!expected.histogram) return assert.equal(histogram, null, name);
  const { min, max, counts: reference, atLeast, atMost } = expected.histogram;
  assert.equal(histogram!.min, min, `${name}: begin of the histogram`);
  assert.equal(histogram!.max, max, `${name}: end of the histogram`);
  assert.equal(histogram!.counts.length, reference.length, `${name}: bins`);
  let below = 0;
  histogram!.counts.forEach((count, bin) => {
    below += count;
    if (bin === reference.length - 1) return assert.equal(below, expected.finite, `${name}: values in all bins`);
    assert.ok(
      atLeast[bin]! <= below && below <= atMost[bin]!,
      `${name}: ${below} values in bins up to ${bin}, expected ${atLeast[bin]} to ${atMost[bin]}`,
    );
  });
}

/** Compares every tensor of a report with the reference's figures for the same values. */
function compare(report: StatsDocument, sources: readonly Source[], python: string, bins: number): void {
  assert.deepEqual(report.tensors.map(({ name }) => name).sort(), sources.map(({ name }) => name).sort());
  const references = runPython<Reference[]>(python, script, { bins, tensors: sources });
  sources.forEach(({ name, dtype }, index) => {
    checkTensor(
      report.tensors.find((tensor) => tensor.name === name)!,
      references[index]!,
      dtype,
    );
  });
}

function sourcesIn(file: string, tensors: readonly HeaderTensor[]): Source[] {
  return tensors.map(({ name, offset, bytes, dtype }) => ({ name, file, offset, bytes, dtype }));
}

describe("`stats` against NumPy in float64", function () {
  this.timeout(120_000);
  const at = temporaryFolder();
  let python = "";
  before(function () {
    python = numpyOrSkip(this);
  });

  for (const bins of [256, 37]) {
    it(`agrees on every tensor of the sample, ${bins} bins`, async () => {
      const file = path.join(sample, "model.safetensors");
      const report = await cliJson<StatsDocument>("stats", sample, "--bins", String(bins));
      compare(report, sourcesIn(file, readSafetensorsHeader(file)), python, bins);
      assert.equal(report.skipped, undefined);
      assert.equal(report.bytesRead, 8393216);
    });
  }

  it("agrees on every tensor of the sample's GGUF files, block types dequantized by ggml", async function () {
    const folder = sharedOrSkip(this, "sample/gguf");
    const ggml = ggmlOrSkip(this);
    for (const name of ["model-f16.gguf", "model-Q4_K_M.gguf"]) {
      const file = path.join(folder, name);
      const content = readFileSync(file);
      const { tensors } = await readGgufHeader(file, (typeId, columns) => ggml.rowSize(typeId, columns));
      const sources = sourcesIn(file, tensors).map((source, index): Source => {
        if (!/^Q\d/.test(source.dtype)) return source;
        const values = tensors[index]!.shape.reduce((product, dimension) => product * dimension, 1);
        const stored = content.subarray(source.offset, source.offset + source.bytes);
        const decoded = ggml.dequantize(source.dtype.replace("Q", "q"), stored, values);
        const decodedFile = at(`${source.name}.f32`);
        writeFileSync(decodedFile, decoded);
        return { name: source.name, file: decodedFile, offset: 0, bytes: decoded.byteLength, dtype: "F32" };
      });
      compare(await cliJson<StatsDocument>("stats", file), sources, python, 256);
    }
  });

  it("agrees on every plain type, on values far from zero, not finite, constant, empty and alone", async () => {
    const file = at("awkward.safetensors");
    writeStatsTensors(file);
    const header = readSafetensorsHeader(file);
    const report = await cliJson<StatsDocument>("stats", file);
    const readable = header.filter(({ dtype }) => dtype !== "C64");
    compare(report, sourcesIn(file, readable), python, 256);
    assert.deepEqual(
      report.skipped!.map(({ name }) => name),
      ["complex"],
    );
  });

  it("gives the same digits with one thread and with two", async () => {
    const file = at("awkward.safetensors");
    writeStatsTensors(file);
    const [one, two] = [
      await cliJson<StatsDocument>("stats", file, "--threads", "1"),
      await cliJson<StatsDocument>("stats", file, "--threads", "2"),
    ];
    assert.deepEqual(one.tensors, two.tensors);
  });
});
