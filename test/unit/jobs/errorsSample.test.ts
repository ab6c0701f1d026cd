import assert from "node:assert/strict";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import type { SampledErrors } from "../../../src/jobs/contract";
import { sample } from "../../support/distributions";
import { checkpointOf, engineOf, f32, quiet } from "./harness";

describe("the errors job", () => {
  const engine = engineOf();

  it("gives an estimate from a sample of every tensor first, close to the exact figures", async () => {
    const values = sample("normal", 4 * 2 ** 20, 7);
    const checkpoint = await checkpointOf([
      f32("a", [4096, 512], values.subarray(0, 2 ** 21)),
      f32("b", [2048, 1024], values.subarray(2 ** 21)),
    ]);
    const sampled: SampledErrors[] = [];
    const done: string[] = [];
    const types = ["MXFP4", "NVFP4", "int4-g128", "int8"];
    const input = {
      checkpoint,
      types,
      onSampled: (report: SampledErrors) => void sampled.push(report),
      onTensor: (row: { name: string }) => void done.push(row.name),
    };
    const exact = await engine().errors(input, quiet());
    assert.equal(sampled.length, 1);
    assert.ok(sampled[0]!.share > 0 && sampled[0]!.share < 0.9, String(sampled[0]!.share));
    for (const type of types) {
      const [estimate, truth] = [sampled[0]!.total[type]!.rmse!, exact.total[type]!.rmse!];
      // The range of a whole tensor is wider than that of a sample.
      assert.ok(Math.abs(estimate / truth - 1) < (type === "int8" ? 0.3 : 0.03), `${type}: ${estimate} for ${truth}`);
      assert.equal(sampled[0]!.total[type]!.bytes, exact.total[type]!.bytes);
    }
    assert.deepEqual(done.sort(), ["a", "b"]);
  });

  it("uses importance weights in the quantizer and in the figures", async () => {
    const columns = 256;
    const values = sample("normal", 40 * columns, 3);
    const weights = Float32Array.from({ length: columns }, (_, c) => 1 + (c % 7));
    const checkpoint = await checkpointOf([f32("w", [40, columns], values)]);
    const report = await engine().errors({ checkpoint, types: ["Q4_0"], importance: () => weights }, quiet());
    const scheme = findScheme("Q4_0");
    assert.ok(isByteScheme(scheme));
    const stored = new Uint8Array(scheme.bytes([40, columns]));
    const decoded = new Float32Array(values.length);
    scheme.quantizeRows(values, columns, stored, weights);
    scheme.dequantizeRows(stored, columns, decoded);
    let [square, weighted, weight] = [0, 0, 0];
    values.forEach((value, i) => {
      const error = (value - decoded[i]!) ** 2;
      square += error;
      weighted += weights[i % columns]! * error;
      weight += weights[i % columns]!;
    });
    const figures = report.total["Q4_0"]!;
    assert.ok(Math.abs(figures.rmse! / Math.sqrt(square / values.length) - 1) < 1e-12);
    assert.ok(Math.abs(figures.weightedRmse! / Math.sqrt(weighted / weight) - 1) < 1e-12);
  });

  it("gives each of several stacked matrices its own weights", async () => {
    const columns = 64;
    const values = sample("normal", 2 * 8 * columns, 5);
    // The second expert was never used.
    const weights = Float32Array.from({ length: 2 * columns }, (_, i) => (i < columns ? 1 : 0));
    const checkpoint = await checkpointOf([f32("w", [2, 8, columns], values)]);
    const { total } = await engine().errors({ checkpoint, types: ["Q8_0"], importance: () => weights }, quiet());
    const first = await checkpointOf([f32("w", [8, columns], values.slice(0, 8 * columns))]);
    const alone = await engine().errors({ checkpoint: first, types: ["Q8_0"] }, quiet());
    assert.ok(Math.abs(total["Q8_0"]!.weightedRmse! / alone.total["Q8_0"]!.rmse! - 1) < 1e-12);
  });

  it("refuses weights that are for another number of columns", async () => {
    const checkpoint = await checkpointOf([f32("w", [4, 64], sample("normal", 256, 1))]);
    const job = engine().errors({ checkpoint, types: ["Q8_0"], importance: () => new Float32Array(63) }, quiet());
    await assert.rejects(job, /63 weights for "w", not 64/);
  });
});
