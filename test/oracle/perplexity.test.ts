import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { openPath } from "../../src/io/openPath";
import { cliJson } from "../support/cli";
import { llamaOrSkip, meanNll, type Llama } from "../support/llama";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

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

describe("the sample, converted and quantized, against llama.cpp's own files", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  let llama: Llama;
  let text: string;
  let table: Row[];

  before(function () {
    llama = llamaOrSkip(this);
    text = readFileSync(sharedOrSkip(this, "sample/validation.txt"), "utf8");
    const reference = JSON.parse(readFileSync(sharedOrSkip(this, "sample/reference.json"), "utf8")) as { llama_cpp: { table: Row[] } };
    table = reference.llama_cpp.table;
  });

  /** As llama-perplexity does: windows that begin with the first token of a text, whose second half is scored. */
  function perplexity(file: string): number {
    const model = llama.load(file, window);
    try {
      const ids = model.tokenize(text, true);
      let [sum, count] = [0, 0];
      for (let start = 0; start + window <= ids.length; start += window) {
        const input = [bos, ...ids.slice(start + 1, start + window)];
        const part = meanNll(model.logits(input), model.vocabulary, input, window / 2 + 1);
        sum += part.sum;
        count += part.count;
      }
      return Math.exp(sum / count);
    } finally {
      model.close();
    }
  }

  async function check(source: string, type: string): Promise<void> {
    const out = folder(`${type}.gguf`);
    await cliJson("quantize", source, "--to", "gguf", "--type", type, "--out", out);
    const expected = table.find((row) => row.type === type && !row.imatrix)!.ppl_llama_perplexity;
    const actual = perplexity(out);
    assert.ok(Math.abs(actual / expected - 1) < 1e-3, `${type}: ${actual}, llama.cpp ${expected}`);
  }

  for (const type of ["Q4_K_M", "Q8_0", "Q6_K", "Q5_K_M", "Q4_0", "Q2_K"]) {
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

  it("reads the same tokens from tokenizer.json alone", async () => {
    const copy = folder("json-only");
    mkdirSync(copy);
    for (const name of readdirSync(sample).filter((file) => /\.(json|safetensors)$/.test(file)))
      copyFileSync(path.join(sample, name), path.join(copy, name));
    await check(copy, "Q8_0");
  });
});
