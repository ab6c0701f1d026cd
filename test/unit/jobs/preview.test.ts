import assert from "node:assert/strict";
import type { PreviewReport } from "../../../src/jobs/contract";
import { affineReconstruct } from "../../../src/core/quant/affineArithmetic";
import { parseAffine } from "../../../src/core/quant/affine";
import { binErrors, histogram } from "../../../src/kernels/plain/histogram";
import { sample } from "../../support/distributions";
import { assertClose } from "../../support/kernelMemory";
import { checkpointOf, engineOf, f32, quiet } from "./harness";

const bins = 40;

describe("the preview job", () => {
  const engine = engineOf();

  for (const scheme of ["int4", "int3-g64", "int8-sym-channel"]) {
    it(`draws ${scheme} as the plain scheme makes it`, async () => {
      const x = sample("heavy tails", 64 * 1024, 1);
      const checkpoint = await checkpointOf([f32("x", [64, 1024], x)]);
      const report = await engine().preview({ checkpoint, tensor: 0, scheme, bins }, quiet());
      const y = Float32Array.from(affineReconstruct(x, 1024, parseAffine(scheme)!).values);
      const [low, high] = [x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))];
      const counts = { x: new Uint32Array(bins), y: new Uint32Array(bins) };
      const squares = new Float64Array(bins);
      histogram(x, low, high, counts.x);
      histogram(
        y.map((value) => Math.min(high, Math.max(low, value))),
        low,
        high,
        counts.y,
      );
      binErrors(x, y, low, high, squares);
      assert.deepEqual(report.before, { min: low, max: high, counts: [...counts.x] });
      assert.deepEqual(report.after, { min: low, max: high, counts: [...counts.y] });
      report.binRmse.forEach((rmse, bin) => {
        if (counts.x[bin] === 0) assert.equal(rmse, null);
        else assertClose(rmse!, Math.sqrt(squares[bin]! / counts.x[bin]!), 1e-9, `bin ${bin}`);
      });
      assert.deepEqual([report.beforeFigures.min, report.beforeFigures.max], [low, high]);
      assert.equal(report.afterFigures.zero, y.filter((value) => value === 0).length);
      assert.deepEqual([report.sampled, report.share, report.scheme], [false, 1, scheme]);
      const errors = await engine().errors({ checkpoint, types: [scheme] }, quiet());
      assert.deepEqual(report.errors, errors.total[scheme]);
    });
  }

  it("agrees with itself where a scheme is finer than float32", async () => {
    const x = sample("normal", 64 * 1024, 7);
    const checkpoint = await checkpointOf([f32("x", [64, 1024], x)]);
    for (const scheme of ["int20", "int21", "int24", "int26-sym", "int24-g64", "int24-channel", "int32"]) {
      const { before, binRmse, errors } = await engine().preview({ checkpoint, tensor: 0, scheme, bins }, quiet());
      const pooled = binRmse.reduce<number>((sum, rmse, bin) => sum + before.counts[bin]! * (rmse ?? 0) ** 2, 0);
      assertClose(Math.sqrt(pooled / x.length), errors.rmse!, scheme === "int20" ? 1e-3 : 1e-9, scheme);
    }
  });

  it("lists the levels of a scheme with one range, where they are few", async () => {
    const checkpoint = await checkpointOf([f32("x", [4], Float32Array.of(-1, 0, 1, 2))]);
    const levels = async (scheme: string) => (await engine().preview({ checkpoint, tensor: 0, scheme, bins }, quiet())).levels;
    assert.deepEqual(await levels("int2"), [-1, 0, 1, 2]);
    assert.deepEqual(await levels("int2-sym"), [-2, 0, 2]);
    assert.deepEqual([await levels("int8"), await levels("int4-channel"), await levels("Q4_0")], [undefined, undefined, undefined]);
  });

  it("says scale, zero-point and codes of a scheme with one range, also of a range that is chosen", async () => {
    const x = sample("outliers", 64 * 1024, 4);
    const checkpoint = await checkpointOf([f32("x", [64, 1024], x)]);
    for (const scheme of ["int4", "int8-sym", "int4-p99.9", "int4-mse", "int20"]) {
      const report = await engine().preview({ checkpoint, tensor: 0, scheme, bins }, quiet());
      assert.deepEqual(report.affine, affineReconstruct(x, 1024, parseAffine(scheme)!).ranges[0], scheme);
    }
    const grouped = await engine().preview({ checkpoint, tensor: 0, scheme: "int4-g64", bins }, quiet());
    assert.equal(grouped.affine, undefined);
  });

  it("gives the same with the range known from a scan", async () => {
    const x = sample("outliers", 100_000, 2);
    const checkpoint = await checkpointOf([f32("x", [100, 1000], x)]);
    const { tensors } = await engine().stats({ checkpoint }, quiet());
    const input = { checkpoint, tensor: 0, scheme: "int5", bins };
    assert.deepEqual(await engine().preview({ ...input, stats: tensors[0]! }, quiet()), await engine().preview(input, quiet()));
  });

  it("quantizes float32 values, whatever the range of what is stored", async () => {
    for (const values of [Float64Array.of(1e300, -1, 0.1, 0.7), Float64Array.of(-1, 0.1, 0.7, 0.3)]) {
      const checkpoint = await checkpointOf([{ name: "x", dtype: "F64", shape: [4], bytes: new Uint8Array(values.buffer) }]);
      const { tensors } = await engine().stats({ checkpoint }, quiet());
      const input = { checkpoint, tensor: 0, scheme: "int5", bins };
      const report = await engine().preview({ ...input, stats: tensors[0]! }, quiet());
      assert.deepEqual(report, await engine().preview(input, quiet()));
      assert.deepEqual(report.errors, (await engine().errors({ checkpoint, types: ["int5"] }, quiet())).total.int5);
    }
  });

  it("shows a sample of what takes long first, then all of it", async () => {
    const x = sample("normal", 1 << 21, 3);
    const checkpoint = await checkpointOf([f32("x", [2048, 1024], x)]);
    const { tensors } = await engine().stats({ checkpoint }, quiet());
    const stats = tensors[0]!;
    let refine: (report: PreviewReport) => void = () => undefined;
    const refined = new Promise<PreviewReport>((resolve) => (refine = resolve));
    const first = await engine().preview({ checkpoint, tensor: 0, scheme: "MXFP4", bins, stats, onRefined: refine }, quiet());
    assert.equal(first.sampled, true);
    assert.ok(first.share > 0 && first.share < 1);
    const counted = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    assert.equal(counted(first.before.counts), first.share * x.length);
    const exact = await refined;
    assert.deepEqual([exact.sampled, exact.share, counted(exact.after.counts)], [false, 1, x.length]);
    assert.ok(Math.abs(first.errors.rmse! / exact.errors.rmse! - 1) < 0.05);
    assert.equal(first.errors.bytes, exact.errors.bytes);
  });

  it("says when the exact figures will not come", async () => {
    const checkpoint = await checkpointOf([f32("x", [2048, 1024], sample("normal", 1 << 21, 3))]);
    const { tensors } = await engine().stats({ checkpoint }, quiet());
    const controller = new AbortController();
    const failed = new Promise<unknown>((resolve, reject) => {
      const input = { checkpoint, tensor: 0, scheme: "MXFP4", bins, stats: tensors[0]!, onRefined: reject, onRefinementFailed: resolve };
      void engine()
        .preview(input, { signal: controller.signal, progress: () => undefined })
        .then(() => controller.abort(), reject);
    });
    assert.equal(((await failed) as Error).name, "CancelledError");
  });

  it("draws tensors that are constant, empty or not finite", async () => {
    const checkpoint = await checkpointOf([
      f32("constant", [8, 8], new Float32Array(64).fill(0.25)),
      f32("empty", [0, 8], new Float32Array(0)),
      f32("nan", [8], new Float32Array(8).fill(NaN)),
    ]);
    const [constant, empty, nan] = await Promise.all(
      [0, 1, 2].map((tensor) => engine().preview({ checkpoint, tensor, scheme: "int8", bins: 4 }, quiet())),
    );
    assert.deepEqual(constant!.before, { min: -0.25, max: 0.75, counts: [0, 0, 64, 0] });
    assert.deepEqual([empty!.before.counts, empty!.errors.mae, empty!.share], [[0, 0, 0, 0], null, 1]);
    assert.deepEqual([nan!.before.counts, nan!.beforeFigures.mean, nan!.beforeFigures.nan], [[0, 0, 0, 0], null, 8]);
  });

  it("leaves values that are not finite out of both pictures", async () => {
    const x = Float32Array.of(NaN, 1, -1, Infinity, 3, -Infinity, 2, NaN);
    const checkpoint = await checkpointOf([f32("x", [8], x)]);
    for (const scheme of ["int8", "int8-channel", "f16"]) {
      const { before, after, beforeFigures, afterFigures } = await engine().preview({ checkpoint, tensor: 0, scheme, bins }, quiet());
      const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
      assert.deepEqual([total(before.counts), total(after.counts), afterFigures.zero], [4, 4, 0], scheme);
      assertClose(afterFigures.min!, beforeFigures.min!, 0.02, scheme);
    }
  });

  it("names what takes the place of a type that does not fit", async () => {
    const checkpoint = await checkpointOf([f32("x", [2, 96], sample("normal", 192))]);
    const report = await engine().preview({ checkpoint, tensor: 0, scheme: "q4_k", bins }, quiet());
    assert.deepEqual([report.scheme, report.errors.fallback], ["Q4_K", "Q5_0"]);
  });

  it("refuses what makes no sense", async () => {
    const checkpoint = await checkpointOf([f32("x", [2, 1_100_000], sample("normal", 2_200_000)), { name: "c", dtype: "C64", shape: [1] }]);
    const refuse = (input: { tensor: number; scheme: string; bins: number }, code: string) =>
      assert.rejects(engine().preview({ checkpoint, ...input }, quiet()), { name: "UsageError", code });
    await refuse({ tensor: 0, scheme: "int4-channel", bins }, "row-too-long");
    await refuse({ tensor: 0, scheme: "int99", bins }, "unknown-type");
    await refuse({ tensor: 0, scheme: "int8", bins: 0 }, "bad-bins");
    await refuse({ tensor: 1, scheme: "int8", bins }, "unreadable-tensor");
    await refuse({ tensor: 2, scheme: "int8", bins }, "unknown-tensor");
  });
});
