import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliJson, runCli } from "../../support/cli";
import { fakeLogits, fakeOnnxRuntime } from "../../support/fakeOnnxRuntime";
import { field, tensorProto, valueInfo, writeOnnx } from "../../support/onnxWriter";
import { temporaryFolder } from "../../support/temporaryFolder";

const tokenizer = path.join(__dirname, "..", "..", "..", "media", "sample", "tokenizer.json");
/** Of that tokenizer. */
const vocabulary = 2048;
const [float, int64] = [1, 7];

describe("the commands that run an ONNX model", () => {
  const at = temporaryFolder();
  let model = "";
  let runtime: string[] = [];

  before(() => {
    fakeOnnxRuntime(at("runtime"), vocabulary);
    runtime = ["--onnxruntime", at("runtime")];
    model = at("model", "model.onnx");
    mkdirSync(at("model"));
    mkdirSync(at("empty"));
    const graph = [
      ...field(11, valueInfo("input_ids", int64, ["batch", "tokens"])),
      ...field(12, valueInfo("logits", float, ["batch", "tokens", vocabulary])),
    ];
    writeFileSync(model, writeOnnx({ initializers: [tensorProto()], graph }));
    copyFileSync(model, at("model", "slow.onnx"));
    writeFileSync(at("model", "other.onnx"), writeOnnx({ initializers: [tensorProto()] }));
    writeFileSync(at("model", "config.json"), JSON.stringify({ max_position_embeddings: 24 }));
    copyFileSync(tokenizer, at("model", "tokenizer.json"));
  });

  it("logits: of the last position, without a table of layers", async () => {
    const { logits, layers } = await cliJson<{ logits: number[]; layers: unknown[] }>("logits", model, "--ids", "1,2,3", ...runtime);
    assert.deepEqual(logits, [...fakeLogits(Int32Array.of(1, 2, 3), vocabulary, 0)[2]!]);
    assert.deepEqual(layers, []);
    const { code, stdout } = await runCli(["logits", model, "--ids", "1,2,3", ...runtime]);
    assert.equal(code, 0);
    assert.match(stdout, /^ *id +logit\n[^]*mean negative log-likelihood/);
    assert.doesNotMatch(stdout, /rms/);
  });

  it("perplexity: of the shipped text by the tokenizer.json beside it, in windows of what config.json says, and against another", async () => {
    const { windows, context, tokens } = await cliJson<Record<string, number>>("perplexity", model, "--samples", "2", ...runtime);
    assert.deepEqual([windows, context, tokens], [2, 24, 2 * 11]);
    const args = ["perplexity", model, "--samples", "2", "--context", "8", "--against", model, ...runtime];
    assert.match((await runCli(args)).stdout, /KL divergence: mean 0, [^]*same most likely token: 100\.00 %/);
  });

  it("fail with 2 and say why", async () => {
    for (const [args, code] of [
      [["logits", model, "--ids", "1", "--onnxruntime", at("empty")], "onnxruntime-missing"],
      [["logits", at("model", "other.onnx"), "--ids", "1", ...runtime], "onnx.no-language-model"],
      [["perplexity", model, "--samples", "1", "--types", "int8", ...runtime], "onnx-as-is"],
      [["perplexity", model, "--ids", "1,2,3,4,5,6,7,8", "--context", "25", ...runtime], "too-few-ids"],
      [["stats", model, ...runtime], "usage"],
    ] as const) {
      const { code: status, stdout } = await runCli([...args, "--json"]);
      assert.deepEqual([(JSON.parse(stdout) as { error: { code: string } }).error.code, status], [code, 2], args.join(" "));
    }
  });

  it("stop when they are interrupted", async () => {
    const ids = at("ids.json");
    writeFileSync(ids, JSON.stringify(Array.from({ length: 20_000 }, (_, i) => i % vocabulary)));
    const args = ["perplexity", at("model", "slow.onnx"), "--ids", ids, "--context", "8", "--json", ...runtime];
    const { code, stdout } = await runCli(args, { interruptAfterMs: 2000 });
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, "cancelled");
    assert.equal(code, 130);
  });
});
