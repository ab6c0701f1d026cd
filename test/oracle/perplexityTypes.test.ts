import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { cliJson } from "../support/cli";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");

interface Figures {
  perplexity: number;
  nll: number;
  windows: number;
}

interface Comparison extends Figures {
  types: (Figures & {
    type: string;
    bytes: number;
    bitsPerWeight: number;
    delta: number;
    divergence: { mean: number };
    sameTop: number;
  })[];
}

interface Reference {
  llama_perplexity: { perplexity: number };
  llama_cpp: { table: { type: string; imatrix: boolean; tensor_bytes: number; bpw_tensors: number; ppl_llama_perplexity: number }[] };
}

const close = (actual: number, expected: number, tolerance: number, message: string): void =>
  assert.ok(Math.abs(actual / expected - 1) <= tolerance, `${message}: ${actual}, expected ${expected}`);

describe("perplexity of types that are quantized in memory", function () {
  this.timeout(900_000);
  const folder = temporaryFolder();

  it("is that of the files that are written, for mixtures and for schemes of other formats", async () => {
    const text = ["--context", "128", "--samples", "3"];
    const { types } = await cliJson<Comparison>("perplexity", sample, "--types", "Q4_0,Q4_K_M,nf4", ...text);
    for (const { type, nll, bytes, bitsPerWeight } of types) {
      const isGguf = type.startsWith("Q");
      const out = folder(isGguf ? `${type}.gguf` : type);
      const to = isGguf ? "gguf" : "bnb";
      const plan = await cliJson<{ bitsPerWeight: number }>("quantize", sample, "--to", to, "--type", type, "--out", out);
      const written = await cliJson<Figures>("perplexity", out, ...text);
      if (isGguf) {
        // Heads' rows are in another order there, and so are float32 sums.
        close(nll, written.nll, 1e-6, type);
        assert.equal(bitsPerWeight, plan.bitsPerWeight);
        assert.ok(bytes > 0);
      } else {
        // Loaders round what they decode to bfloat16.
        close(Math.exp(nll), written.perplexity, 1e-3, type);
      }
    }
  });

  it("is llama.cpp's within 0.1 %, and so are sizes", async function () {
    const reference = JSON.parse(readFileSync(sharedOrSkip(this, "sample/reference.json"), "utf8")) as Reference;
    const text = ["--text", sharedOrSkip(this, "sample/validation.txt"), "--context", "256"];
    const found = await cliJson<Comparison>("perplexity", sample, "--types", "Q4_0,Q4_K_M", ...text);
    assert.equal(found.windows, 79);
    close(found.perplexity, reference.llama_perplexity.perplexity, 1e-5, "original");
    for (const { type, perplexity, delta, bytes, bitsPerWeight } of found.types) {
      const row = reference.llama_cpp.table.find((entry) => entry.type === type && !entry.imatrix)!;
      close(perplexity, row.ppl_llama_perplexity, 1e-3, type);
      assert.equal(delta, perplexity - found.perplexity);
      assert.equal(bytes, row.tensor_bytes);
      close(bitsPerWeight, row.bpw_tensors, 1e-4, type);
    }
  });
});
