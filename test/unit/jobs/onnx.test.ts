import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { CancelledError, FormatError, UsageError } from "../../../src/core/errors";
import { firstScored, windowsOf } from "../../../src/core/model/perplexity";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { openPath } from "../../../src/io/openPath";
import { Engine } from "../../../src/jobs/engine";
import { quantizedModel, storedModel } from "../../../src/jobs/perplexityModel";
import { builtFiles } from "../../support/builtFiles";
import { fakeLogits, fakeOnnxRuntime, type SeenCall } from "../../support/fakeOnnxRuntime";
import { onnxLanguageModel, onnxTiny } from "../../support/onnxLanguageModel";
import { field, tensorProto, valueInfo, writeOnnx } from "../../support/onnxWriter";
import { openFiles } from "../../support/openBytes";
import { temporaryFolder } from "../../support/temporaryFolder";
import { tiny, tinyModel } from "../../support/tinyModel";
import { quiet } from "./harness";

const { vocabulary } = onnxTiny;
const ids = Int32Array.from({ length: 48 }, (_, i) => (i * 13 + (i >> 3)) % vocabulary);
const length = 16;
const windows = windowsOf(ids, length);

const logSoftmax = (logits: Float64Array): Float64Array => {
  const logSum = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
  return logits.map((value) => value - logSum);
};

/** By plain code: what the scored tokens are given, in the order of the text. */
function plainScores(protocol: "llama-perplexity" | "plain", shift = 0): { nll: number; logs: Float64Array }[] {
  return windows.flatMap((window) => {
    const logs = fakeLogits(window, vocabulary, shift).map(logSoftmax);
    return logs.slice(firstScored(length, protocol), length - 1).map((row, i) => {
      const next = window[firstScored(length, protocol) + i + 1]!;
      return { nll: -row[next]!, logs: row };
    });
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("running an ONNX model by the user's runtime", () => {
  const at = temporaryFolder();
  const opened: Checkpoint[] = [];
  let calls: () => SeenCall[] = () => [];
  let engine: Engine | undefined;

  const engineWith = (onnxRuntime: string): Engine => new Engine({ ...builtFiles, threads: 2, onnxRuntime });
  const open = async (name: string): Promise<Checkpoint> => {
    const checkpoint = await openPath(at(`${name}.onnx`));
    opened.push(checkpoint);
    return checkpoint;
  };
  const perplexityOf = async (name: string, rest: object = {}) =>
    engine!.perplexity({ original: await storedModel(await open(name)), windows, ...rest }, quiet());

  before(() => {
    calls = fakeOnnxRuntime(at("node_modules", "onnxruntime-node"), vocabulary);
    engine = engineWith(at());
    writeFileSync(at("model.onnx"), onnxLanguageModel());
    for (const name of ["other", "short", "broken", "crash", "slow"]) copyFileSync(at("model.onnx"), at(`${name}.onnx`));
    writeFileSync(at("half.onnx"), onnxLanguageModel({ half: true }));
    writeFileSync(at("fixed.onnx"), onnxLanguageModel({ length: 16 }));
  });
  after(async () => {
    await engine?.dispose();
    await Promise.all(opened.map((checkpoint) => checkpoint.close()));
  });

  it("gives logits of the last position and the likelihood, and says nothing about layers", async () => {
    const sequence = ids.slice(0, 9);
    const report = await engine!.logits({ checkpoint: await open("model"), ids: sequence }, quiet());
    const rows = fakeLogits(sequence, vocabulary, 0);
    assert.deepEqual([...report.logits], [...rows[8]!]);
    const nll = mean(rows.slice(0, 8).map((row, i) => -logSoftmax(row)[sequence[i + 1]!]!));
    assert.ok(Math.abs(report.nll! - nll) < 1e-6);
    assert.deepEqual(report.layers, []);
    const single = await engine!.logits({ checkpoint: await open("model"), ids: Int32Array.of(3) }, quiet());
    assert.equal(single.nll, null);
  });

  it("feeds one sequence whole: int64 ids, mask and positions, and no earlier tokens; asks for logits alone", async () => {
    const before = calls().length;
    await engine!.logits({ checkpoint: await open("model"), ids: Int32Array.of(5, 7, 9) }, quiet());
    const [{ model, fetches, feeds }] = calls().slice(before) as [SeenCall];
    const whole = { type: "int64", array: "BigInt64Array", dims: [1, 3] };
    assert.deepEqual(
      { model, fetches, feeds },
      {
        model: "model",
        fetches: ["logits"],
        feeds: {
          input_ids: { ...whole, values: ["5", "7", "9"] },
          attention_mask: { ...whole, values: ["1", "1", "1"] },
          position_ids: { ...whole, values: ["0", "1", "2"] },
          "past_key_values.0.key": { type: "float32", array: "Float32Array", dims: [1, 0, onnxTiny.hidden], values: [] },
        },
      },
    );
  });

  for (const protocol of ["llama-perplexity", "plain"] as const) {
    it(`scores what it answers as ${protocol} does, also in half precision`, async () => {
      const expected = plainScores(protocol);
      for (const name of ["model", "half"]) {
        const report = await perplexityOf(name, { protocol });
        assert.equal(report.tokens, expected.length);
        expected.forEach(({ nll }, i) => assert.ok(Math.abs(report.scored.nll[i]! - nll) < 1e-5, `${name}: token ${i}`));
        assert.ok(Math.abs(report.nll - mean(expected.map(({ nll }) => nll))) < 1e-5);
      }
    });
  }

  it("compares the answers of two ONNX models", async () => {
    const { variants } = await perplexityOf("model", { variants: [await storedModel(await open("other"))] });
    const [before, after] = [plainScores("llama-perplexity"), plainScores("llama-perplexity", 2)];
    const expected = before.map(({ logs }, i) =>
      logs.reduce((sum, log, column) => sum + Math.exp(log) * (log - after[i]!.logs[column]!), 0),
    );
    const { scored, sameTop } = variants[0]!;
    expected.forEach((value, i) => assert.ok(Math.abs(scored.divergence[i]! - value) < 1e-4, `token ${i}`));
    const top = (logs: Float64Array): number => logs.indexOf(Math.max(...logs));
    assert.equal(sameTop, mean(before.map(({ logs }, i) => (top(logs) === top(after[i]!.logs) ? 1 : 0))));
  });

  it("compares them with those of a model that our own forward pass runs, in either order", async () => {
    assert.equal(tiny.vocabulary, vocabulary);
    const own = await storedModel(await tinyModel());
    const onnx = await storedModel(await open("model"));
    const [ownAlone, onnxAlone] = await Promise.all([own, onnx].map((original) => engine!.perplexity({ original, windows }, quiet())));
    for (const [original, variant, first, second] of [
      [own, onnx, ownAlone, onnxAlone],
      [onnx, own, onnxAlone, ownAlone],
    ] as const) {
      const { nll, variants } = await engine!.perplexity({ original, variants: [variant], windows }, quiet());
      assert.deepEqual([nll, variants[0]!.nll], [first!.nll, second!.nll]);
      assert.ok(variants[0]!.divergence.mean > 0.1);
    }
  });

  it("says bits per weight only where no byte can be several weights", async () => {
    assert.ok((await storedModel(await open("model"))).bitsPerWeight! > 31);
    const packed = tensorProto({ name: "packed", dims: [4], type: 2, raw: Uint8Array.of(1, 2, 3, 4) });
    const graph = [
      ...field(11, valueInfo("input_ids", 7, ["batch", "tokens"])),
      ...field(12, valueInfo("logits", 1, ["batch", "tokens", vocabulary])),
    ];
    const model = await storedModel(await openFiles({ "model.onnx": writeOnnx({ initializers: [packed], graph }) }));
    assert.deepEqual([model.bytes, model.bitsPerWeight], [4, undefined]);
  });

  it("refuses what it cannot run", async () => {
    const rejects = async (work: Promise<unknown>, code: string, found?: RegExp): Promise<void> => {
      await assert.rejects(work, (error) => {
        assert.ok(error instanceof FormatError || error instanceof UsageError, String(error));
        assert.equal(error.code, code);
        if (found) assert.match(error.fields.found ?? "", found);
        return true;
      });
    };
    await rejects(perplexityOf("broken"), "onnx.cannot-run", /no kernel for Odd/);
    await rejects(perplexityOf("crash"), "onnx.cannot-run");
    await rejects(perplexityOf("short"), "onnx.cannot-run", /logits of 1×15×40 in place of 1×16×40/);
    await rejects(engine!.logits({ checkpoint: await open("model"), ids: Int32Array.of(1, 40) }, quiet()), "bad-id");
    await rejects(engine!.logits({ checkpoint: await open("fixed"), ids: Int32Array.of(1, 4) }, quiet()), "bad-length");
    const inMemory = await openFiles({ "model.onnx": onnxLanguageModel() });
    await rejects(engine!.logits({ checkpoint: inMemory, ids: Int32Array.of(1) }, quiet()), "onnx-not-local");
    const model = await storedModel(await open("model"));
    assert.throws(
      () => quantizedModel(model, undefined, "int8"),
      (error) => error instanceof UsageError && error.code === "onnx-as-is",
    );
  });

  it("says what to do where there is no runtime, or one that cannot be loaded", async () => {
    mkdirSync(at("empty"));
    mkdirSync(at("damaged"));
    writeFileSync(at("damaged", "package.json"), JSON.stringify({ name: "onnxruntime-node", main: "none.js" }));
    for (const [folder, code, hint] of [
      ["empty", "onnxruntime-missing", /npm install --global onnxruntime-node/],
      ["damaged", "onnxruntime-broken", /again/],
    ] as const) {
      const without = engineWith(at(folder));
      try {
        await assert.rejects(
          without.logits({ checkpoint: await open("model"), ids: Int32Array.of(1) }, quiet()),
          (error) => error instanceof UsageError && error.code === code && hint.test(error.fields.hint ?? ""),
        );
      } finally {
        await without.dispose();
      }
    }
  });

  it("stops between two windows when it is cancelled, and runs the next job", async () => {
    const before = calls().length;
    const many = Array.from({ length: 500 }, () => windows[0]!);
    const controller = new AbortController();
    const context = { signal: controller.signal, progress: (done: number) => void (done > 0 && controller.abort()) };
    const original = await storedModel(await open("slow"));
    await assert.rejects(engine!.perplexity({ original, windows: many }, context), CancelledError);
    await perplexityOf("model");
    const slow = calls()
      .slice(before)
      .filter(({ model }) => model === "slow");
    assert.ok(slow.length > 0 && slow.length < many.length, `${slow.length} windows`);
  });
});
