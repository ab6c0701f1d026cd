import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { usualMethods } from "../../../src/core/calibrate/calibrationMethods";
import { CancelledError, UsageError } from "../../../src/core/errors";
import { runBlock } from "../../../src/core/model/block";
import { describeModel } from "../../../src/core/model/describe";
import { plainArithmetic } from "../../../src/core/model/plainArithmetic";
import { affineCode, affineRange, affineValue } from "../../../src/core/quant/affineArithmetic";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { countValues } from "../../../src/core/tensor/tensorInfo";
import { openPath } from "../../../src/io/openPath";
import { calibrate, type CalibrateReport } from "../../../src/jobs/calibrateJob";
import { makeImatrix } from "../../../src/jobs/imatrixJob";
import { loadImportance } from "../../../src/jobs/importanceMatrix";
import { decodeRun, openTensor, readBlocks } from "../../../src/jobs/tensorBytes";
import { WorkerPool } from "../../../src/jobs/workerPool";
import { builtFiles } from "../../support/builtFiles";
import { randomFrom } from "../../support/distributions";
import { temporaryFolder } from "../../support/temporaryFolder";
import { tiny, tinyModel } from "../../support/tinyModel";
import { engineOf, quiet } from "./harness";

/** The inputs of a linear layer over some samples: a row for each token. */
type Inputs = Map<string, number[][]>;

/** Runs the plain forward pass and keeps everything. */
async function inputsOf(checkpoint: Checkpoint, samples: readonly Int32Array[]): Promise<Inputs> {
  const values = new Map<string, Float32Array>();
  for (const [index, { name, shape }] of checkpoint.tensors.entries()) {
    const tensor = openTensor(checkpoint, index);
    values.set(name, decodeRun(tensor, await readBlocks(tensor, 0, countValues(shape))));
  }
  const { hidden, embedding, layers } = await describeModel(checkpoint);
  const table = values.get(embedding.tensor)!;
  const found: Inputs = new Map();
  for (const ids of samples) {
    const stream = Float32Array.from(Array.from(ids).flatMap((id) => Array.from(table.subarray(id * hidden, (id + 1) * hidden))));
    for (const layer of layers) {
      runBlock(layer, stream, [ids.length], (name) => values.get(name)!, plainArithmetic, {
        listener: (name, rows, count, columns) => {
          const kept = found.get(name) ?? [];
          for (let row = 0; row < count; row++) kept.push(Array.from(rows.subarray(row * columns, (row + 1) * columns)));
          found.set(name, kept);
        },
      });
    }
  }
  return found;
}

const random = randomFrom(3);
const samples = [12, 20, 9, 16, 31].map((length) => Int32Array.from({ length }, () => Math.floor(40 * random())));
const sum = (items: readonly number[]): number => items.reduce((total, item) => total + item, 0);
const mseWith = (rows: readonly number[][], low: number, high: number, bits: number): number => {
  const range = affineRange(low, high, bits, false);
  return sum(rows.flat().map((x) => (affineValue(affineCode(x, range), range) - x) ** 2)) / rows.flat().length;
};
const close = (found: number, expected: number, what: string, tolerance = 1e-4): void =>
  assert(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${what}: ${found}, expected ${expected}`);
const refused = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;

describe("calibration of a model", () => {
  const engine = engineOf(2);
  let checkpoint: Checkpoint;
  let inputs: Inputs;
  let report: CalibrateReport;

  before(async () => {
    checkpoint = await tinyModel();
    inputs = await inputsOf(checkpoint, samples);
    report = await engine().calibrate({ checkpoint, samples, methods: usualMethods, bits: 8 }, quiet());
  });

  it("has every linear layer, in the order of the model", () => {
    assert.deepEqual([report.samples, report.tokens, report.bits], [5, 88, 8]);
    assert.deepEqual(
      report.tensors.map(({ name }) => name),
      [...inputs.keys()],
    );
    assert.equal(report.tensors.length, 14);
  });

  it("has ranges, means and channels of the inputs", () => {
    for (const { name, min, max, meanSquare, channelMax } of report.tensors) {
      const rows = inputs.get(name)!;
      close(min, Math.min(...rows.flat()), `${name} min`);
      close(max, Math.max(...rows.flat()), `${name} max`);
      close(meanSquare, sum(rows.flat().map((x) => x * x)) / rows.flat().length, `${name} mean square`);
      channelMax.forEach((most, column) => close(most, Math.max(...rows.map((row) => Math.abs(row[column]!))), `${name} column ${column}`));
    }
  });

  it("has the error of each method's range, and of one for each token", () => {
    for (const { name, min, max, methods, dynamicMse } of report.tensors) {
      const rows = inputs.get(name)!;
      assert.deepEqual(Object.keys(methods), usualMethods);
      assert.deepEqual([methods.minmax!.low, methods.minmax!.high], [min, max]);
      for (const [id, { low, high, scale, zeroPoint, mse }] of Object.entries(methods)) {
        assert(low >= min && high <= max, `${name} ${id}`);
        const range = affineRange(low, high, 8, false);
        assert.deepEqual([scale, zeroPoint], [range.scale, range.zeroPoint]);
        close(mse, mseWith(rows, low, high, 8), `${name} ${id}`, 1e-2);
      }
      const dynamic = sum(rows.map((row) => mseWith([row], Math.min(...row), Math.max(...row), 8) * row.length)) / rows.flat().length;
      close(dynamicMse, dynamic, `${name} per token`, 1e-2);
      assert(methods.mse!.curve!.length > 1000 && methods.entropy!.curve!.length > 1000 && !methods.minmax!.curve);
    }
  });

  it("sweeps the number of samples: ranges of the first ones, errors of all", () => {
    for (const { name, methods, sweep } of report.tensors) {
      const rows = inputs.get(name)!;
      assert.deepEqual(
        sweep.map(({ samples: count }) => count),
        [1, 2, 4, 5],
      );
      for (const { samples: count, mse } of sweep) {
        const seen = rows.slice(0, sum(samples.slice(0, count).map((ids) => ids.length))).flat();
        close(mse.minmax!, mseWith(rows, Math.min(...seen), Math.max(...seen), 8), `${name} ${count}`, 1e-2);
      }
      for (const id of usualMethods) assert.equal(sweep.at(-1)!.mse[id], methods[id]!.mse);
    }
  });

  it("has the same digits on any number of threads", async () => {
    const pool = new WorkerPool({ ...builtFiles, threads: 1 });
    const many = samples.flatMap((ids) => Array.from({ length: 30 }, () => ids));
    const input = { checkpoint, samples: many, methods: ["minmax", "mse"], bits: 4 };
    const [one, two] = [await calibrate(pool, input, quiet()), await engine().calibrate(input, quiet())];
    await pool.dispose();
    assert.deepEqual(one.tensors, two.tensors);
  });

  it("refuses what makes no sense", async () => {
    const wrong = [
      [{ bits: 1 }, "bad-bits"],
      [{ bits: 17 }, "bad-bits"],
      [{ methods: ["guess"] }, "unknown-method"],
      [{ samples: [] }, "no-samples"],
      [{ samples: [Int32Array.of(40)] }, "bad-id"],
      [{ samples: [new Int32Array(65)] }, "too-long"],
    ] as const;
    for (const [change, code] of wrong) {
      await assert.rejects(engine().calibrate({ checkpoint, samples, methods: ["minmax"], bits: 8, ...change }, quiet()), refused(code));
    }
  });

  it("can be cancelled", async () => {
    const controller = new AbortController();
    const context = { signal: controller.signal, progress: () => undefined };
    const input = { checkpoint, samples, methods: usualMethods, bits: 8, onTensor: () => controller.abort() };
    await assert.rejects(engine().calibrate(input, context), CancelledError);
  });
});

describe("the importance matrix of a model", () => {
  const engine = engineOf(2);
  const folder = temporaryFolder();
  const chunks = Array.from({ length: 7 }, () => Int32Array.from({ length: 16 }, () => Math.floor(40 * random())));

  async function compare(file: string, checkpoint: Checkpoint): Promise<void> {
    const inputs = await inputsOf(checkpoint, chunks);
    const opened = await openPath(file);
    const matrix = await loadImportance(opened);
    await opened.close();
    assert.deepEqual([matrix.entries, matrix.chunks, matrix.dataset], [14, 7, "some.txt"]);
    for (const [name, rows] of inputs) {
      const part = /layers\.(\d)\.\w+\.(\w+)_proj/.exec(name)!;
      const short = ({ q: "attn_q", k: "attn_k", v: "attn_v", o: "attn_output" } as Record<string, string>)[part[2]!] ?? `ffn_${part[2]!}`;
      const weights = matrix.byGgufName(`blk.${part[1]}.${short}.weight`)!;
      assert.equal(weights.length, rows[0]!.length);
      weights.forEach((weight, column) => close(weight, sum(rows.map((row) => row[column]! ** 2)) / rows.length, `${name} ${column}`));
    }
  }

  for (const kind of ["dat", "gguf"]) {
    it(`has the mean squares of every column, as .${kind}`, async () => {
      const checkpoint = await tinyModel();
      const out = folder(`imatrix.${kind}`);
      const { bytes, elapsedMs, ...rest } = await engine().imatrix({ checkpoint, samples: chunks, dataset: "some.txt", out }, quiet());
      assert.deepEqual(rest, { chunks: 7, tokens: 112, entries: 14, out });
      assert.equal(bytes, readFileSync(out).length);
      assert(elapsedMs > 0);
      await compare(out, checkpoint);
    });
  }

  it("is the same from several passes over the model, when not all of the text fits", async () => {
    const checkpoint = await tinyModel();
    const out = folder("passes.gguf");
    const pool = new WorkerPool({ ...builtFiles, threads: 2 });
    const seen: number[] = [];
    const context = { signal: new AbortController().signal, progress: (done: number, total: number) => void seen.push(done / total) };
    await makeImatrix(pool, { checkpoint, samples: chunks, dataset: "some.txt", out }, context, tiny.hidden * 16 * 3);
    await pool.dispose();
    await compare(out, checkpoint);
    assert.equal(seen.at(-1), 1);
  });

  it("refuses chunks that llama.cpp would pass over, or of several lengths", async () => {
    const checkpoint = await tinyModel();
    const out = folder("none.gguf");
    for (const wrong of [[], [new Int32Array(15)], [new Int32Array(16), new Int32Array(17)]]) {
      await assert.rejects(engine().imatrix({ checkpoint, samples: wrong, dataset: "", out }, quiet()), refused("bad-samples"));
    }
    assert(!existsSync(out));
  });
});
