import assert from "node:assert/strict";
import type { TensorStats } from "../../../src/core/measure/reports";
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
