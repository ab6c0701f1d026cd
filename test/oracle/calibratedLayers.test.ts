import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openTokenizer } from "../../src/core/text/openTokenizer";
import { folderOf, openPath } from "../../src/io/openPath";
import { cliJson, runCli } from "../support/cli";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");
const text = path.join(sample, "calibration.txt");
/** Tokens of a window, and the id that begins each. */
const [window, bos] = [256, 1];

/**
 * Perplexities of the sample after quantizing, by llama-perplexity's protocol. The reference tools' own: RTN 24.554, GPTQModel 24.435
 * (24.382 with its reordering, 24.419 asymmetric), its AWQ 24.503; llama.cpp's Q4_K_M 24.328, with importance matrix 24.315.
 */
describe("quantizing the sample with calibration", function () {
  this.timeout(900_000);
  const at = temporaryFolder();

  before(async function () {
    const validation = readFileSync(sharedOrSkip(this, "sample/validation.txt"), "utf8");
    const checkpoint = await openPath(sample);
    const tokenizer = await openTokenizer(checkpoint, await folderOf(sample));
    writeFileSync(at("ids.json"), JSON.stringify([...tokenizer.encode(validation, { addSpecial: true })]));
    await checkpoint.close();
  });

  async function perplexity(...options: string[]): Promise<number> {
    const out = at(`out-${options.join("-")}`) + (options.includes("gguf") ? ".gguf" : "");
    const calibration = ["--text", text, "--context", String(window)];
    await cliJson("quantize", sample, "--out", out, ...options, ...(options.includes("--method") ? calibration : []));
    assert.ok(readdirSync(at()).every((name) => !name.endsWith(".layers")));
    const ids = ["--ids", at("ids.json"), "--bos", String(bos), "--context", String(window)];
    return (await cliJson<{ perplexity: number }>("perplexity", out, ...ids)).perplexity;
  }

  const cases: readonly { name: string; options: string[]; expected: number; within: number }[] = [
    { name: "GPTQ", options: ["--to", "gptq", "--type", "int4-sym-g128", "--method", "gptq"], expected: 24.382, within: 0.05 },
    { name: "AWQ", options: ["--to", "awq", "--type", "int4-g128", "--method", "awq"], expected: 24.503, within: 0.05 },
  ];
  for (const { name, options, expected, within } of cases) {
    it(`${name}: as good as the reference's`, async () => {
      const found = await perplexity(...options);
      assert.ok(Math.abs(found - expected) < within, String(found));
    });
  }

  it("Q4_K_M with GPTQ: better than llama-quantize's, in a file that needs nothing special", async () => {
    const found = await perplexity("--to", "gguf", "--type", "Q4_K_M", "--method", "gptq");
    // That of llama-quantize's file has 24.305 by the same forward pass.
    assert.ok(found < 24.29 && found > 24.13, String(found));
  });

  it("goes on after it was interrupted", async () => {
    const out = at("interrupted");
    const args = [
      "quantize",
      sample,
      "--to",
      "gptq",
      "--type",
      "int4-sym-g128",
      "--method",
      "gptq",
      "--text",
      text,
      "--samples",
      "8",
      "--out",
      out,
    ];
    const whole = await runCli([...args.slice(0, -1), at("whole")]);
    assert.equal(whole.code, 0, whole.stderr);
    // Until a block is done that another run can begin with. Looked for often: on a fast machine all are done in seconds.
    const { code: stopped } = await runCli(args, { interruptOnce: () => existsSync(at(".interrupted.layers", "block-00000.layers")) });
    assert.notEqual(stopped, 0, "it was done before it was interrupted");
    assert.ok(!existsSync(path.join(out, "model.safetensors")));
    const { code, stderr } = await runCli(args);
    assert.equal(code, 0, stderr);
    assert.ok(!existsSync(at(".interrupted.layers")));
    const file = (name: string): Buffer => readFileSync(at(name, "model.safetensors"));
    assert.deepEqual(file("interrupted"), file("whole"));
  });
});
