import assert from "node:assert/strict";
import { patternValue } from "../../../src/core/measure/patternValues";
import type { TensorStats } from "../../../src/core/measure/reports";
import { mergeStatsParts } from "../../../src/jobs/mergeParts";
import { histogram } from "../../../src/kernels/plain/histogram";
import { sample, withSpecials } from "../../support/distributions";
import { assertClose } from "../../support/kernelMemory";
import { bf16, checkpointOf, engineOf, f32, quiet } from "./harness";

/** The definitions, in float64. */
function expected(values: Float32Array) {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const central = (k: number): number => finite.reduce((sum, value) => sum + (value - mean) ** k, 0) / finite.length;
  const [min, max] = finite.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const counts = new Uint32Array(256);
  histogram(finite, min, max, counts);
  return { finite: finite.length, min, max, mean, std: Math.sqrt(central(2)), kurtosis: central(4) / central(2) ** 2, counts: [...counts] };
}

/** What stands for a value in percentiles: the middle of all that share the top half of its pattern. */
function patternMiddle(value: number): number {
  return patternValue(new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16);
}

function check(stats: TensorStats, values: Float32Array): void {
  const { counts, ...reference } = expected(values);
  for (const key of ["finite", "min", "max"] as const) assert.equal(stats[key], reference[key], `${stats.name}: ${key}`);
  for (const key of ["mean", "std", "kurtosis"] as const) assertClose(stats[key]!, reference[key], 1e-9, `${stats.name}: ${key}`);
  assert.deepEqual(stats.histogram, { min: reference.min, max: reference.max, counts }, stats.name);
}

describe("the stats job", () => {
  const engine = engineOf();

  it("finds the same in tensors of one chunk, of several, and of several tasks", async () => {
    const shapes = [[3], [100, 100], [1200, 1000], [3000, 3000]];
    const values = shapes.map((shape, i) =>
      withSpecials(
        sample(
          "heavy tails",
          shape.reduce((a, b) => a * b, 1),
          i,
        ),
        0.0001,
      ).map((x) => (Math.abs(x) > 1e30 ? 1 : x)),
    );
    const checkpoint = await checkpointOf(shapes.map((shape, i) => f32(`t${i}`, shape, values[i]!)));
    const report = await engine().stats({ checkpoint }, quiet());
    assert.equal(report.tensors.length, shapes.length);
    report.tensors.forEach((stats, i) => check(stats, values[i]!));
    assert.equal(
      report.bytesRead,
      values.reduce((sum, { byteLength }) => sum + byteLength, 0),
    );
  });

  it("is exact where float32 is not: F64 and wide integers, as they are stored", async () => {
    const stored = (name: string, dtype: string, values: Float64Array | Int32Array | BigInt64Array | BigUint64Array) => ({
      name,
      dtype,
      shape: [values.length],
      bytes: new Uint8Array(values.buffer),
    });
    const noise = Float64Array.from(sample("normal", 1_500_001, 9), (value) => 1 + value * 1e-9);
    const checkpoint = await checkpointOf([
      stored("f64", "F64", noise),
      stored("wide", "F64", Float64Array.of(-1e300, 1e300, NaN, Infinity, 0, 2)),
      stored("widest", "F64", Float64Array.of(-1.5e308, 1.5e308, 0, 1e308)),
      stored("i32", "I32", Int32Array.of(2_000_000_001, -16_777_217, 5)),
      stored("i64", "I64", BigInt64Array.of(-(2n ** 63n), 9_007_199_254_740_993n, -5n)),
      stored("u64", "U64", BigUint64Array.of(2n ** 64n - 1n, 0n)),
    ]);
    const { tensors } = await engine().stats({ checkpoint, bins: 4 }, quiet());
    const [f64, wide, widest, i32, i64, u64] = tensors as [TensorStats, TensorStats, TensorStats, TensorStats, TensorStats, TensorStats];
    const [min, max] = noise.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const mean = noise.reduce((sum, value) => sum + (value - 1), 0) / noise.length;
    const std = Math.sqrt(noise.reduce((sum, value) => sum + (value - 1 - mean) ** 2, 0) / noise.length);
    assert.deepEqual([f64.min, f64.max], [min, max]);
    assertClose(f64.std!, std, 1e-6, "std");
    const counts = new Uint32Array(4);
    histogram(noise, min, max, counts);
    assert.deepEqual(f64.histogram, { min, max, counts: [...counts] });
    assert.deepEqual([wide.finite, wide.nan, wide.inf, wide.min, wide.max, wide.histogram!.counts], [4, 1, 1, -1e300, 1e300, [1, 0, 2, 1]]);
    assert.deepEqual(widest.histogram, { min: -1.5e308, max: 1.5e308, counts: [1, 0, 1, 2] });
    assert.deepEqual([i32.min, i32.max, i32.percentiles!["50"]], [-16_777_217, 2_000_000_001, patternMiddle(5)]);
    assert.deepEqual([i64.min, i64.max], [-(2 ** 63), 9_007_199_254_740_992]);
    assert.deepEqual([u64.min, u64.max, u64.absMax], [0, 2 ** 64, 2 ** 64]);
    const parts = await Promise.all(
      [1, 2, 3].map((index) => engine().statsPart({ checkpoint, bins: 4, part: { index, count: 3 } }, quiet())),
    );
    const merged = mergeStatsParts(parts).tensors;
    assert.deepEqual(
      merged.map((stats) => [stats.min, stats.max, stats.histogram]),
      tensors.map((stats) => [stats.min, stats.max, stats.histogram]),
    );
  });

  it("tells of each tensor as it is done, and of the bytes as they are read", async () => {
    const values = sample("normal", 4_000_000, 3);
    const checkpoint = await checkpointOf([
      f32("a", [2000, 2000], values),
      bf16("b", [2000, 2000], values),
      f32("c", [5], values.slice(0, 5)),
    ]);
    const told = new Map<number, string>();
    const seen: number[] = [];
    const context = { signal: new AbortController().signal, progress: (done: number, total: number) => void seen.push(done, total) };
    const report = await engine().stats({ checkpoint, onTensor: (index, { name }) => told.set(index, name) }, context);
    assert.deepEqual([...told].sort(), [
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]);
    const done = seen.filter((_, i) => i % 2 === 0);
    assert.ok(
      done.every((bytes, i) => i === 0 || bytes > done[i - 1]!),
      `it went back: ${done.join(" ")}`,
    );
    assert.equal(done.at(-1), 24_000_020);
    assert.ok(seen.every((total, i) => i % 2 === 0 || total === 24_000_020));
    assert.equal(report.tensors[1]!.spark!.length, 40);
  });

  it("measures the tensors asked for, in that order", async () => {
    const checkpoint = await checkpointOf(["a", "b", "c"].map((name) => f32(name, [4], sample("normal", 4))));
    const report = await engine().stats({ checkpoint, tensors: [2, 0], bins: 7 }, quiet());
    assert.deepEqual(
      report.tensors.map(({ name }) => name),
      ["c", "a"],
    );
    assert.equal(report.tensors[0]!.histogram!.counts.length, 7);
  });

  it("names what it cannot decode", async () => {
    const checkpoint = await checkpointOf([{ name: "complex", dtype: "C64", shape: [2] }, f32("real", [1], Float32Array.of(1))]);
    const report = await engine().stats({ checkpoint }, quiet());
    assert.deepEqual(
      report.tensors.map(({ name }) => name),
      ["real"],
    );
    assert.deepEqual(report.skipped, [{ name: "complex", reason: "values of type C64 are not yet decoded" }]);
  });

  it("refuses bins and tensors that cannot be", async () => {
    const checkpoint = await checkpointOf([f32("a", [1], Float32Array.of(1))]);
    for (const bins of [0, 1.5, 5000, NaN]) await assert.rejects(engine().stats({ checkpoint, bins }, quiet()), { code: "bad-bins" });
    await assert.rejects(engine().stats({ checkpoint, tensors: [1] }, quiet()), { code: "unknown-tensor" });
  });

  it("runs several jobs at the same time", async () => {
    const values = sample("normal", 3_000_000, 9);
    const checkpoint = await checkpointOf([f32("a", [3000, 1000], values)]);
    const reports = await Promise.all(Array.from({ length: 5 }, () => engine().stats({ checkpoint }, quiet())));
    for (const { tensors } of reports) assert.deepEqual(tensors, reports[0]!.tensors);
    check(reports[0]!.tensors[0]!, values);
  });
});
