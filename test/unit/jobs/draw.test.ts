import assert from "node:assert/strict";
import { parseAffine } from "../../../src/core/quant/affine";
import { affineReconstruct } from "../../../src/core/quant/affineArithmetic";
import { drawValues, type ShapedData } from "../../../src/core/shaped/shapedValues";
import { assertClose } from "../../support/kernelMemory";
import { engineOf, quiet } from "./harness";

const data: ShapedData = { distribution: "laplace", freedom: 4, shift: 0.5, outlierShare: 0.01, outlierFactor: 30, rows: 256, seed: 3 };

describe("the draw job", () => {
  const engine = engineOf();

  it("makes a checkpoint of one tensor whose values are those drawn", async () => {
    const checkpoint = await engine().draw(data, quiet());
    const expected = new Float32Array(256 * 1024);
    drawValues(data, 0, expected);
    const { file } = checkpoint.files[0]!;
    const bytes = new Uint8Array(expected.byteLength);
    await file!.read(0, bytes);
    assert.deepEqual(new Float32Array(bytes.buffer), expected);
    assert.deepEqual(
      checkpoint.tensors.map(({ dtype, shape }) => [dtype, shape]),
      [["F32", [256, 1024]]],
    );
  });

  it("is measured like any other: errors and preview equal the core's own computation", async () => {
    const checkpoint = await engine().draw(data, quiet());
    const x = new Float32Array(256 * 1024);
    drawValues(data, 0, x);
    for (const scheme of ["int4", "int3-sym-channel", "int4-g64", "int24-sym"]) {
      const y = affineReconstruct(x, 1024, parseAffine(scheme)!).values;
      const report = await engine().preview({ checkpoint, tensor: 0, scheme, bins: 64 }, quiet());
      const mae = x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / x.length;
      assertClose(report.errors.mae!, mae, 1e-9, `${scheme} mae`);
      const most = x.reduce((largest, value, i) => Math.max(largest, Math.abs(value - y[i]!)), 0);
      assertClose(report.errors.maxError!, most, 1e-12, `${scheme} largest error`);
      const { total } = await engine().errors({ checkpoint, types: [scheme] }, quiet());
      assert.deepEqual(report.errors, total[scheme]);
    }
  });

  it("refuses shapes without rows, and ones that are too large", async () => {
    for (const rows of [0, -1, 4097, NaN]) {
      await assert.rejects(engine().draw({ ...data, rows }, quiet()), { code: "bad-shape" });
    }
  });

  it("stops when it is no longer wanted", async () => {
    const life = new AbortController();
    const drawing = engine().draw({ ...data, rows: 4096 }, { signal: life.signal, progress: () => undefined });
    life.abort();
    await assert.rejects(drawing, { name: "CancelledError" });
  });
});
