import assert from "node:assert/strict";
import { ErrorSums } from "../../../src/core/measure/errorSums";
import { affineReconstruct } from "../../../src/core/quant/affineArithmetic";
import { parseAffine } from "../../../src/core/quant/affine";
import { findScheme, isByteScheme, isValueScheme, listSchemes } from "../../../src/core/quant/registry";
import { outErrors as at } from "../../../src/kernels/layout";
import { errors } from "../../../src/kernels/plain/errors";
import { sample } from "../../support/distributions";
import { assertClose } from "../../support/kernelMemory";
import { checkpointOf, engineOf, f32, quiet } from "./harness";

function figuresOf(x: Float32Array, y: Float32Array | Float64Array) {
  const out = new Float64Array(at.length);
  errors(x, y, out);
  const sums = new ErrorSums();
  sums.add({
    ...{ count: out[at.count]!, absolute: out[at.absolute]!, square: out[at.square]!, largest: out[at.largest]! },
    ...{ within5: out[at.within5]!, product: out[at.product]!, squareX: out[at.squareX]!, squareY: out[at.squareY]! },
  });
  return sums.result();
}

/** By the plain schemes, all values at once. */
function expected(id: string, x: Float32Array, columns: number) {
  const affine = parseAffine(id);
  if (affine) return figuresOf(x, affineReconstruct(x, columns, affine).values);
  const scheme = findScheme(id);
  const y = new Float32Array(x.length);
  if (isValueScheme(scheme)) {
    scheme.fakeQuantize(x, columns, y, scheme.tensorSums?.(x, { low: 0, high: 0 }) ?? []);
    return figuresOf(x, y);
  }
  assert.ok(isByteScheme(scheme));
  const stored = new Uint8Array(scheme.bytes([x.length / columns, columns]));
  scheme.quantizeRows(x, columns, stored);
  scheme.dequantizeRows(stored, columns, y);
  return figuresOf(x, y);
}

describe("the errors job", () => {
  const engine = engineOf();

  /** Compares all columns of a tensor with those of the plain schemes. */
  async function check(shape: number[], x: Float32Array, types: readonly string[]): Promise<void> {
    const report = await engine().errors({ checkpoint: await checkpointOf([f32("x", shape, x)]), types }, quiet());
    for (const id of types) {
      const found = report.tensors[0]!.types[id]!;
      for (const [key, value] of Object.entries(expected(id, x, shape.at(-1)!))) {
        const figure = found[key as keyof typeof found] as number | null;
        if (value === null || figure === null) assert.equal(figure, value, `${id}: ${key}`);
        else assertClose(figure, value, 1e-11, `${id}: ${key}`, key === "cosine" ? 1 : 0);
      }
      assert.equal(found.bytes, findScheme(id).bytes(shape), id);
      assertClose(found.bitsPerWeight, (8 * found.bytes) / x.length, 1e-15, id);
      assert.deepEqual(report.total[id], found);
    }
  }

  it("measures every scheme that needs no importance matrix as its plain code does", async () => {
    const schemes = listSchemes().filter((scheme) => !(isByteScheme(scheme) && scheme.needsImportance));
    await check(
      [8, 512],
      sample("heavy tails", 4096, 1),
      schemes.map(({ id }) => id),
    );
  });

  it("cuts large tensors only where the schemes allow", async () => {
    await check([1100, 1024], sample("outliers", 1_126_400, 2), ["int8", "int4-channel", "int4-g128", "Q8_0", "bf16"]);
    await check([1300, 1001], sample("normal", 1_301_300, 3), ["int8-sym", "int4-g100", "int5-sym-channel", "f16"]);
  });

  it("gives schemes that depend on the whole tensor the same as if it were in one piece", async () => {
    await check([1100, 1024], sample("outliers", 1_126_400, 2), [
      "nf4-dq",
      "ternary",
      "binary",
      "llm-int8",
      "int4-kl",
      "int4-sym-mse",
      "int4-p99.9",
    ]);
    await check([1300, 1001], sample("normal", 1_301_300, 3), ["nf4", "nf4-dq", "ternary", "binary-g100", "int4-channel"]);
  });

  it("counts what a float type cannot hold", async () => {
    const x = Float32Array.of(65_519, 65_520, -1e6, 1e-8, 3e-8, 0, -0, NaN, Infinity, 465, 3.4e38, 1e-40);
    const types = ["f16", "bf16", "fp8-e4m3", "f32", "int8"];
    const report = await engine().errors({ checkpoint: await checkpointOf([f32("x", [12], x)]), types }, quiet());
    const { f16, bf16, int8, ...rest } = report.tensors[0]!.types;
    assert.deepEqual([f16!.overflow, f16!.underflow], [3, 2]);
    assert.deepEqual([bf16!.overflow, bf16!.underflow], [1, 0]);
    assert.deepEqual([rest["fp8-e4m3"]!.overflow, rest["fp8-e4m3"]!.underflow], [5, 3]);
    assert.deepEqual([rest.f32!.overflow, rest.f32!.underflow], [0, 0]);
    assert.ok(!("overflow" in int8!));
  });

  it("ends a search over the whole tensor where it would end in one piece", async () => {
    await check([100, 1024], sample("heavy tails", 102_400, 7), ["hqq4-g64", "hqq2-g64", "hqq8-g64-rtn"]);
  });

  it("measures rows that are longer than a chunk", async () => {
    await check([2, 1_500_000], sample("heavy tails", 3_000_000, 4), ["int4-channel", "int4-g64", "int3-g1000", "int8", "Q4_0"]);
  });

  it("names what takes the place of a type that does not fit", async () => {
    const checkpoint = await checkpointOf([f32("narrow", [4, 32], sample("normal", 128)), f32("odd", [4, 7], sample("normal", 28))]);
    const report = await engine().errors({ checkpoint, types: ["q4_k", "Q8_0"] }, quiet());
    const rows = report.tensors.map(({ types }) => types);
    assert.deepEqual(
      rows.map((row) => [row.Q4_K!.fallback, row.Q8_0!.fallback]),
      [
        ["Q5_0", undefined],
        ["f16", "f16"],
      ],
    );
    assert.equal(report.total.Q4_K!.bytes, 4 * 22 + 2 * 28);
    assert.ok(!("fallback" in report.total.Q4_K!));
  });

  it("pools the totals over all values, not over tensors", async () => {
    const [large, small] = [sample("normal", 10_000, 5), sample("huge", 64, 6)];
    const checkpoint = await checkpointOf([f32("a", [100, 100], large), f32("b", [64], small)]);
    const { total, tensors } = await engine().errors({ checkpoint, types: ["int8"] }, quiet());
    const [a, b] = tensors.map(({ types }) => types.int8!);
    assertClose(total.int8!.mae!, (10_000 * a!.mae! + 64 * b!.mae!) / 10_064, 1e-12, "mae");
    assert.equal(total.int8!.maxError, Math.max(a!.maxError!, b!.maxError!));
    assert.equal(total.int8!.bytes, a!.bytes + b!.bytes);
  });

  it("has no figures for a type that refuses the values, and all of the others", async () => {
    const x = sample("normal", 512);
    x[300] = 1e30;
    const types = ["IQ3_S", "IQ2_S", "Q6_K", "int8-g256"];
    const outlier = await checkpointOf([f32("x", [2, 256], x), f32("y", [2, 256], sample("normal", 512))]);
    const importance = (): Float32Array => new Float32Array(256).fill(1);
    for (const given of [{}, { importance }]) {
      const { tensors, total } = await engine().errors({ checkpoint: outlier, types, ...given }, quiet());
      const [huge, normal] = tensors.map((row) => row.types);
      for (const id of ["IQ3_S", "IQ2_S"]) {
        for (const key of ["rmse", "relativeRmse", "maxError", "within5"] as const) {
          assert.ok(!Number.isFinite(huge![id]![key] ?? NaN), `${id}: ${key}`);
          assert.ok(Number.isFinite(normal![id]![key]), `${id}: ${key}`);
          assert.ok(!Number.isFinite(total[id]![key] ?? NaN), `pooled ${id}: ${key}`);
        }
        assert.ok(!Number.isFinite(huge![id]!.weightedRmse ?? NaN));
      }
      assert.ok(Number.isFinite(huge!["int8-g256"]!.rmse));
    }
  });

  it("says what the thread that quantizes refuses", async () => {
    const checkpoint = await checkpointOf([f32("a", [1, 256], new Float32Array(256))]);
    const run = engine().errors({ checkpoint, types: ["IQ1_S"] }, quiet());
    await assert.rejects(run, { name: "UsageError", code: "importance-required" });
  });

  it("refuses types that do not exist, none, and too many", async () => {
    const checkpoint = await checkpointOf([f32("a", [1], Float32Array.of(1))]);
    const run = (types: string[]) => engine().errors({ checkpoint, types }, quiet());
    await assert.rejects(run(["Q9_X"]), { name: "UsageError", code: "unknown-type" });
    await assert.rejects(run([]), { code: "no-types" });
    await assert.rejects(run(Array.from({ length: 65 }, (_, i) => `int8-g${i + 1}`)), { code: "too-many-types" });
  });
});
