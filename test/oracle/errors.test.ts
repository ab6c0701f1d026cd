import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ErrorsReport } from "../../src/jobs/contract";
import { cliJson } from "../support/cli";
import { randomFrom, sample as draw } from "../support/distributions";
import { checkErrors, type PooledErrors, poolErrors, totalErrors } from "../support/errorFigures";
import { type Ggml, ggmlOrSkip, ggmlTypeIds, type GgmlTypeName } from "../support/ggml";
import { numpyOrSkip, runPython } from "../support/python";
import { readSafetensorsHeader } from "../support/references";
import { writeSafetensors } from "../support/safetensorsWriter";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");
const script = path.join(__dirname, "errors_reference.py");

/** What the command prints. */
type ErrorsDocument = Pick<ErrorsReport, "tensors" | "total">;

interface Matrix {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** What a reference says of one tensor in one type. */
interface Expected {
  pooled: PooledErrors;
  bytes: number;
  /** The type that takes the place of the one asked for. */
  fallback?: string;
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The sample's tensors: BF16 patterns are the upper halves of float32 ones. */
function sampleMatrices(): Matrix[] {
  const file = path.join(sample, "model.safetensors");
  const content = readFileSync(file);
  return readSafetensorsHeader(file).map(({ name, shape, offset, bytes }) => {
    const patterns = Uint32Array.from({ length: bytes / 2 }, (_, index) => content.readUInt16LE(offset + 2 * index) << 16);
    return { name, shape, values: new Float32Array(patterns.buffer) };
  });
}

/** Quantized and dequantized by ggml itself. */
function byGgml(ggml: Ggml, { shape, values }: Matrix, type: GgmlTypeName, fallback?: string): Expected {
  const columns = shape.at(-1)!;
  const stored = ggml.quantizeChunk(ggmlTypeIds[type], values, values.length / columns, columns);
  return { pooled: poolErrors(values, ggml.dequantize(type, stored, values.length)), bytes: stored.length, fallback };
}

/** Bytes of codes, one float16 scale a range and, if there are any, packed zero-points. */
function textbookBytes(type: string, shape: readonly number[]): number {
  const values = countOf(shape);
  const fixed = { f32: 4, f16: 2, bf16: 2, "fp8-e4m3": 1, "fp8-e5m2": 1 }[type];
  if (fixed !== undefined) return fixed * values;
  const [, bits, , , group] = /^int(\d+)(-sym|-asym)?(-tensor|-channel|-g(\d+))?$/.exec(type)!;
  const columns = shape.at(-1)!;
  const rows = values / columns;
  const ranges = group ? rows * Math.ceil(columns / Number(group)) : type.endsWith("-channel") ? rows : 1;
  const zeroPoints = type.includes("-sym") ? 0 : Math.ceil((ranges * Number(bits)) / 8);
  return Math.ceil((values * Number(bits)) / 8) + 2 * ranges + zeroPoints;
}

/** Compares every column of every tensor, and of the totals, with the references. */
function compare(report: ErrorsDocument, matrices: readonly Matrix[], expected: readonly Record<string, Expected>[]): void {
  assert.deepEqual(report.tensors.map(({ name }) => name).sort(), matrices.map(({ name }) => name).sort());
  const types = Object.keys(expected[0]!);
  const values = matrices.reduce((sum, { shape }) => sum + countOf(shape), 0);
  matrices.forEach(({ name, shape }, index) => {
    const found = report.tensors.find((tensor) => tensor.name === name)!;
    assert.deepEqual(found.shape, shape, name);
    assert.deepEqual(Object.keys(found.types), types, name);
    for (const [type, { pooled, bytes, fallback }] of Object.entries(expected[index]!)) {
      checkErrors(found.types[type]!, pooled, bytes, countOf(shape), `${name}, ${type}`);
      assert.equal(found.types[type]!.fallback, fallback, `${name}, ${type}`);
    }
  });
  assert.deepEqual(Object.keys(report.total), types);
  for (const type of types) {
    const parts = expected.map((tensor) => tensor[type]!);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    checkErrors(report.total[type]!, totalErrors(parts.map(({ pooled }) => pooled)), bytes, values, `total, ${type}`);
  }
}

describe("`errors` against ggml and a float64 reference", function () {
  this.timeout(120_000);
  const at = temporaryFolder();
  let ggml: Ggml;
  let python = "";
  before(function () {
    ggml = ggmlOrSkip(this);
    python = numpyOrSkip(this);
  });

  /** Errors of textbook types by the script, for each matrix. */
  function byScript(matrices: readonly Matrix[], types: readonly string[]): Record<string, Expected>[] {
    const tensors = matrices.map(({ shape, values }, index) => {
      const file = at(`${index}.f32`);
      writeFileSync(file, values);
      return { file, shape };
    });
    const results = runPython<Record<string, PooledErrors>[]>(python, script, { tensors, types });
    return results.map((result, index) =>
      Object.fromEntries(types.map((type) => [type, { pooled: result[type]!, bytes: textbookBytes(type, matrices[index]!.shape) }])),
    );
  }

  function writeMatrices(name: string, matrices: readonly Matrix[]): string {
    const file = at(name);
    const tensors = matrices.map(({ name: tensor, shape, values }) => ({
      name: tensor,
      dtype: "F32",
      shape,
      bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    }));
    writeFileSync(file, writeSafetensors(tensors));
    return file;
  }

  it("agrees on every tensor and the totals of the sample: Q8_0, Q4_0, Q4_K, int8, int4-g128", async () => {
    const matrices = sampleMatrices();
    const textbook = byScript(matrices, ["int8", "int4-g128"]);
    const expected = matrices.map((matrix, index) => ({
      Q8_0: byGgml(ggml, matrix, "q8_0"),
      Q4_0: byGgml(ggml, matrix, "q4_0"),
      Q4_K: byGgml(ggml, matrix, "q4_K"),
      ...textbook[index]!,
    }));
    const report = await cliJson<ErrorsDocument>("errors", sample, "--types", "Q8_0,Q4_0,Q4_K,int8,int4-g128");
    compare(report, matrices, expected);
    assert.deepEqual(Object.keys(report), ["tensors", "total"]);
  });

  it("agrees on every other ggml type, and on what takes the place of one that does not fit", async () => {
    const matrices: Matrix[] = [
      { name: "fits", shape: [33, 768], values: draw("heavy tails", 33 * 768, 1) },
      { name: "rows of 96", shape: [70, 96], values: draw("outliers", 70 * 96, 2) },
      { name: "rows of 40", shape: [50, 40], values: draw("normal", 2000, 10) },
    ];
    const small: GgmlTypeName[] = ["q4_1", "q5_0", "q5_1", "q8_0", "q4_0"];
    // llama-quantize's replacements where a row is no multiple of 256.
    const large: [GgmlTypeName, GgmlTypeName][] = [
      ["q2_K", "q4_0"],
      ["q3_K", "q4_0"],
      ["q4_K", "q5_0"],
      ["q5_K", "q5_1"],
      ["q6_K", "q8_0"],
    ];
    const nameOf = (type: GgmlTypeName): string => type.replace("q", "Q");
    const [fits, narrow, odd] = matrices as [Matrix, Matrix, Matrix];
    const half: Expected = { ...byScript([odd], ["f16"])[0]!.f16!, fallback: "f16" };
    const expected = [
      Object.fromEntries([...small, ...large.map(([type]) => type)].map((type) => [nameOf(type), byGgml(ggml, fits, type)])),
      Object.fromEntries([
        ...small.map((type) => [nameOf(type), byGgml(ggml, narrow, type)]),
        ...large.map(([type, instead]) => [nameOf(type), byGgml(ggml, narrow, instead, nameOf(instead))]),
      ]),
      Object.fromEntries([...small, ...large.map(([type]) => type)].map((type) => [nameOf(type), half])),
    ];
    const file = writeMatrices("ggml.safetensors", matrices);
    compare(await cliJson<ErrorsDocument>("errors", file, "--types", Object.keys(expected[0]!).join(",")), matrices, expected);
  });

  it("agrees on textbook types where columns are no multiple of the group, and where ranges are empty or one-sided", async () => {
    const matrices: Matrix[] = [
      { name: "1000 columns", shape: [257, 1000], values: draw("heavy tails", 257_000, 3) },
      { name: "7 columns", shape: [3, 11, 7], values: draw("one-sided", 231, 4) },
      { name: "more than a chunk", shape: [1300, 1001], values: draw("small normal", 1_301_300, 5) },
      { name: "rows of zeros", shape: [60, 130], values: draw("zeros of both signs", 7800, 6) },
      { name: "vector", shape: [513], values: draw("negative only", 513, 7) },
    ];
    const types =
      "int8 int4-g128 int4-sym-channel int3-sym-g64 int2-asym-channel int5-sym int16 int8-asym-tensor f16 bf16 fp8-e4m3 fp8-e5m2".split(
        " ",
      );
    const file = writeMatrices("textbook.safetensors", matrices);
    compare(await cliJson<ErrorsDocument>("errors", file, "--types", types.join(",")), matrices, byScript(matrices, types));
  });

  it("leaves values that are not finite out of ranges and errors", async () => {
    const random = randomFrom(8);
    const values = draw("normal", 9000, 9).map((value) =>
      random() < 0.02 ? [NaN, Infinity, -Infinity][Math.floor(random() * 3)]! : value,
    );
    const matrices: Matrix[] = [{ name: "not all finite", shape: [30, 300], values }];
    const types = ["int8", "int8-channel", "int4-g64", "int4-sym-g32"];
    const file = writeMatrices("specials.safetensors", matrices);
    compare(await cliJson<ErrorsDocument>("errors", file, "--types", types.join(",")), matrices, byScript(matrices, types));
  });

  it("has no relative figures where all values are zero", async () => {
    const file = writeMatrices("zeros.safetensors", [{ name: "zeros", shape: [4, 256], values: new Float32Array(1024) }]);
    const report = await cliJson<ErrorsDocument>("errors", file, "--types", "int8,Q4_0,Q4_K,f16");
    for (const [type, figures] of Object.entries(report.tensors[0]!.types)) {
      const { mae, rmse, maxError, relativeRmse, sqnrDb, within5, cosine } = figures;
      assert.deepEqual({ mae, rmse, maxError, within5 }, { mae: 0, rmse: 0, maxError: 0, within5: 1 }, type);
      assert.deepEqual({ relativeRmse, sqnrDb, cosine }, { relativeRmse: null, sqnrDb: null, cosine: null }, type);
    }
  });
});
