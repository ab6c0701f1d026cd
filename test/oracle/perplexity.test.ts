import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { windowsOf } from "../../src/core/model/perplexity";
import { openPath } from "../../src/io/openPath";
import { storedModel } from "../../src/jobs/perplexityModel";
import type { PerplexityReport } from "../../src/jobs/perplexityJob";
import { cliJson } from "../support/cli";
import { llamaOrSkip, type Llama } from "../support/llama";
import { llamaPerplexity } from "../support/llamaPerplexity";
import { sharedOrSkip, sharedPath } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";
import { engineOf, quiet } from "../unit/jobs/harness";

const sample = path.join(__dirname, "..", "..", "media", "sample");
/** Each tensor's type, shape and bytes. */
async function tensorsOf(path: string): Promise<Map<string, unknown>> {
  const checkpoint = await openPath(path);
  const tensors = new Map<string, unknown>();
  for (const { name, dtype, shape, file, offset, bytes } of checkpoint.tensors) {
    const stored = new Uint8Array(bytes);
    await checkpoint.files[file]!.file!.read(offset, stored);
    tensors.set(name, { dtype, shape, stored: Buffer.from(stored).toString("base64") });
  }
  await checkpoint.close();
  return tensors;
}

const window = 256;
const bos = 1;

interface Row {
  type: string;
  imatrix: boolean;
  ppl_llama_perplexity: number;
}

interface Measured {
  perplexity: number;
  windows: number;
  scored_tokens: number;
  scored_per_window: number;
  nll_sum_per_window: number[];
}

interface Reference {
  llama_cpp: { table: Row[] };
  llama_perplexity: Measured;
  plain: Measured;
}

describe("the sample, converted and quantized, against llama.cpp's own files", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  const engine = engineOf(2);
  let llama: Llama;
  let text: string;
  let table: Row[];
  let reference: Reference;
  let ids: Int32Array;

  before(function () {
    llama = llamaOrSkip(this);
    text = readFileSync(sharedOrSkip(this, "sample/validation.txt"), "utf8");
    const model = llama.load(sharedOrSkip(this, "sample/gguf/model-f16.gguf"), window);
    ids = Int32Array.from(model.tokenize(text, true));
    model.close();
    reference = JSON.parse(readFileSync(sharedOrSkip(this, "sample/reference.json"), "utf8")) as Reference;
    table = reference.llama_cpp.table;
  });

  const perplexity = (file: string): number => llamaPerplexity(llama, file, text);

  /** The same by our own forward pass over the same ids, and over all positions. */
  async function own(file: string): Promise<{ secondHalves: number; plain: number }> {
    const checkpoint = await openPath(file);
    try {
      const { scored, perplexity: plain } = await engine().perplexity(
        { original: await storedModel(checkpoint), windows: windowsOf(ids, window, bos), protocol: "plain" },
        quiet(),
      );
      const inSecondHalf = scored.nll.filter((_, i) => i % (window - 1) >= window / 2);
      return { secondHalves: Math.exp(inSecondHalf.reduce((sum, value) => sum + value, 0) / inSecondHalf.length), plain };
    } finally {
      await checkpoint.close();
    }
  }

  function near(what: string, actual: number, expected: number, bound = 1e-3): void {
    assert.ok(Math.abs(actual / expected - 1) < bound, `${what}: ${actual}, expected ${expected}`);
  }

  async function check(source: string, type: string): Promise<void> {
    const out = folder(`${type}.gguf`);
    await cliJson("quantize", source, "--to", "gguf", "--type", type, "--out", out);
    const expected = table.find((row) => row.type === type && !row.imatrix)!.ppl_llama_perplexity;
    near(`${type} by llama.cpp`, perplexity(out), expected);
    // llama.cpp also rounds activations to 8 bits: with 2-bit weights that is worth more.
    near(`${type} here`, (await own(out)).secondHalves, expected, type === "Q2_K" ? 2e-3 : 1e-3);
  }

  for (const type of ["Q4_K_M", "Q8_0", "Q6_K", "Q5_K_M", "Q4_0", "IQ4_NL", "Q2_K"]) {
    it(`${type}: the same perplexity within 0.1 %`, () => check(sample, type));
  }

  it("Q4_K_M: every tensor as llama.cpp made it from its own conversion", async function () {
    const reference = sharedOrSkip(this, "sample/gguf/model-Q4_K_M.gguf");
    const out = folder("whole.gguf");
    await cliJson("quantize", sample, "--to", "gguf", "--type", "Q4_K_M", "--out", out);
    const [actual, expected] = [await tensorsOf(out), await tensorsOf(reference)];
    assert.equal(expected.size, 39);
    assert.deepEqual(actual, expected);
  });

  it("Q2_K: the perplexity here is llama.cpp's own once it has the weights as float32", async () => {
    const [packed, wide] = [folder("packed.gguf"), folder("wide.gguf")];
    await cliJson("quantize", sample, "--to", "gguf", "--type", "Q2_K", "--out", packed);
    await cliJson("quantize", packed, "--to", "gguf", "--type", "F32", "--allow-requantize", "--out", wide);
    near("Q2_K", (await own(packed)).secondHalves, perplexity(wide), 1e-5);
  });

  it("the checkpoint itself: the perplexity of transformers, in every window", async () => {
    const checkpoint = await openPath(sample);
    const expected = reference.plain;
    const report = await engine().perplexity(
      { original: await storedModel(checkpoint), windows: windowsOf(ids, window, bos), protocol: "plain" },
      quiet(),
    );
    await checkpoint.close();
    assert.deepEqual([report.tokens, report.windows], [expected.scored_tokens, expected.windows]);
    near("plain", report.perplexity, expected.perplexity, 1e-6);
    expected.nll_sum_per_window.forEach((sum, i) => {
      const each = report.scored.nll.subarray(i * expected.scored_per_window, (i + 1) * expected.scored_per_window);
      assert.ok(Math.abs(each.reduce((all, value) => all + value, 0) - sum) < 1e-3);
    });
  });

  it("the checkpoint itself, by the command line from the text", async () => {
    const text = sharedPath("sample/validation.txt")!;
    const { perplexity: found, tokens, windows } = await cliJson<PerplexityReport>("perplexity", sample, "--text", text);
    const expected = reference.llama_perplexity;
    assert.deepEqual([tokens, windows], [expected.scored_tokens, expected.windows]);
    near("llama-perplexity", found, expected.perplexity, 1e-6);
  });

  it("reads the same tokens from tokenizer.json alone", async () => {
    const copy = folder("json-only");
    mkdirSync(copy);
    for (const name of readdirSync(sample).filter((file) => /\.(json|safetensors)$/.test(file)))
      copyFileSync(path.join(sample, name), path.join(copy, name));
    await check(copy, "Q8_0");
  });
});
