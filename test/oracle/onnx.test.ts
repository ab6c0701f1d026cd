import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FormatError } from "../../src/core/errors";
import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { openPath } from "../../src/io/openPath";
import { Engine } from "../../src/jobs/engine";
import { findRuntime } from "../../src/jobs/onnx/findRuntime";
import type { PerplexityReport } from "../../src/jobs/perplexityJob";
import { builtFiles } from "../support/builtFiles";
import { cliJson } from "../support/cli";
import { onnxLanguageModel, onnxTiny, plainLogits } from "../support/onnxLanguageModel";
import { writeOnnxLlama } from "../support/onnxLlama";
import { temporaryFolder } from "../support/temporaryFolder";
import { quiet } from "../unit/jobs/harness";

const sample = path.join(__dirname, "..", "..", "media", "sample");

/** Of the sample, as its config.json says. */
const sampleShape = { layers: 4, heads: 4, keyValueHeads: 2, headDim: 64, vocabulary: 2048, context: 256 };

describe("ONNX models in the real ONNX Runtime", function () {
  this.timeout(300_000);
  const at = temporaryFolder();
  let runtime = "";
  let engine: Engine | undefined;

  before(async function () {
    try {
      runtime = findRuntime(process.env.QUANTSCOPE_ONNXRUNTIME);
    } catch {
      console.log("      skipped: onnxruntime-node is not here; install it globally, or set QUANTSCOPE_ONNXRUNTIME to its folder");
      return this.skip();
    }
    engine = new Engine({ ...builtFiles, threads: 2, onnxRuntime: runtime });
    const checkpoint = await openPath(sample);
    writeOnnxLlama(checkpoint, sampleShape, at());
    await checkpoint.close();
    for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"]) copyFileSync(path.join(sample, file), at(file));
  });
  after(() => engine?.dispose());

  const withModel = async <R>(name: string, work: (checkpoint: Checkpoint) => Promise<R>): Promise<R> => {
    const checkpoint = await openPath(at(name));
    return work(checkpoint).finally(() => checkpoint.close());
  };

  it("gives the logits that the same weights have by plain code, in single and half precision and with int32 ids", async () => {
    const ids = Int32Array.from({ length: 12 }, (_, i) => (i * 13) % onnxTiny.vocabulary);
    const expected = plainLogits(ids)[11]!;
    for (const [shape, bound] of [
      [{}, 1e-4],
      [{ short: true, length: 12 }, 1e-4],
      [{ half: true }, 2e-2],
    ] as const) {
      writeFileSync(at("tiny.onnx"), onnxLanguageModel(shape));
      const { logits } = await withModel("tiny.onnx", (checkpoint) => engine!.logits({ checkpoint, ids }, quiet()));
      assert.equal(logits.length, expected.length);
      logits.forEach((logit, id) => assert.ok(Math.abs(logit - expected[id]!) < bound, `${JSON.stringify(shape)}: id ${id}`));
    }
  });

  it("says what ONNX Runtime says of a model that it does not know", async () => {
    writeFileSync(at("odd.onnx"), Buffer.from(Buffer.from(onnxLanguageModel()).toString("latin1").replace("MatMul", "MatMuk"), "latin1"));
    await assert.rejects(
      withModel("odd.onnx", (checkpoint) => engine!.logits({ checkpoint, ids: Int32Array.of(1) }, quiet())),
      (error) => error instanceof FormatError && error.code === "onnx.cannot-run" && /MatMuk/.test(error.fields.found ?? ""),
    );
  });

  it("the sample as ONNX: the logits of our own forward pass", async () => {
    const ids = Int32Array.from({ length: 64 }, (_, i) => (i * 37 + 5) % 2000);
    const found = await withModel("model.onnx", (checkpoint) => engine!.logits({ checkpoint, ids }, quiet()));
    const own = await openPath(sample);
    const expected = await engine!.logits({ checkpoint: own, ids }, quiet()).finally(() => own.close());
    found.logits.forEach((logit, id) => assert.ok(Math.abs(logit - expected.logits[id]!) < 1e-3, `id ${id}`));
    assert.ok(Math.abs(found.nll! - expected.nll!) < 1e-4);
  });

  for (const protocol of ["llama-perplexity", "plain"]) {
    it(`the sample as ONNX, on the shipped text: the perplexity of our own forward pass, as ${protocol} does`, async () => {
      const args = ["--samples", "4", "--protocol", protocol];
      const own = await cliJson<PerplexityReport>("perplexity", sample, ...args);
      const compared = [at("model.onnx"), ...args, "--against", sample, "--onnxruntime", runtime];
      const { against, ...found } = await cliJson<PerplexityReport & { against: { perplexity: number; divergence: { max: number } } }>(
        "perplexity",
        ...compared,
      );
      console.log(`      perplexity ${found.perplexity.toFixed(6)} in ONNX Runtime, ${own.perplexity.toFixed(6)} here`);
      assert.deepEqual([found.tokens, found.windows, found.context], [own.tokens, own.windows, own.context]);
      assert.ok(Math.abs(found.perplexity / own.perplexity - 1) < 1e-5);
      assert.equal(against.perplexity, own.perplexity);
      assert.ok(against.divergence.max < 1e-5);
    });
  }
});
