import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findFileType } from "../../src/core/recipe/fileTypes";
import { runCli } from "../support/cli";
import { ggmlTypeIds } from "../support/ggml";
import { llamaOrSkip, type Llama } from "../support/llama";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const fileTypes = ["F32", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q5_1", "Q4_K_M", "Q4_K_S", "Q4_1", "Q4_0", "Q3_K_M", "Q2_K"];

describe("`quantize` against the real llama-quantize, whole files byte for byte", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let llama: Llama;
  let input: string;
  let compared = 0;

  before(function () {
    llama = llamaOrSkip(this);
    input = sharedOrSkip(this, "sample/gguf/model-f16.gguf");
  });
  after(() => console.log(`      ${compared} files equal`));

  async function ours(source: string, ...options: string[]): Promise<Buffer> {
    const out = folder("ours.gguf");
    const { code, stdout, stderr } = await runCli(["quantize", source, "--to", "gguf", "--out", out, ...options]);
    assert.equal(code, 0, stdout + stderr);
    return readFileSync(out);
  }

  function theirs(source: string, options: Parameters<Llama["quantize"]>[2]): Buffer {
    const out = folder("theirs.gguf");
    assert.ok(llama.quantize(source, out, options));
    return readFileSync(out);
  }

  function same(actual: Buffer, expected: Buffer): void {
    assert.equal(actual.length, expected.length);
    const at = actual.findIndex((byte, i) => byte !== expected[i]);
    assert.equal(at, -1, `byte ${at} of ${expected.length} differs`);
    compared++;
  }

  for (const name of fileTypes) {
    it(name, async () => same(await ours(input, "--type", name), theirs(input, { fileType: findFileType(name)!.id })));
  }

  it("with --pure", async () => same(await ours(input, "--type", "Q4_0", "--pure"), theirs(input, { fileType: 2, pure: true })));

  it("with types given by pattern, of which the first that matches counts", async () => {
    const actual = await ours(
      input,
      "--type",
      "Q4_K_M",
      "--tensor-type",
      "blk\\.[01]\\.ffn_down=Q8_0",
      "--tensor-type",
      "ffn_down|attn_v=q5_k",
    );
    const overrides = [
      ["blk\\.[01]\\.ffn_down", ggmlTypeIds.q8_0],
      ["ffn_down|attn_v", ggmlTypeIds.q5_K],
    ] as const;
    same(actual, theirs(input, { fileType: 15, overrides }));
  });

  it("from a quantized file, where that is allowed", async () => {
    const quantized = folder("q8.gguf");
    assert.ok(llama.quantize(input, quantized, { fileType: 7 }));
    same(await ours(quantized, "--type", "Q4_K_M", "--allow-requantize"), theirs(quantized, { fileType: 15, allowRequantize: true }));
    const refused = await runCli(["quantize", quantized, "--to", "gguf", "--out", folder("no.gguf"), "--type", "Q4_0", "--json"]);
    assert.equal(refused.code, 2);
    assert.equal((JSON.parse(refused.stdout) as { error: { code: string } }).error.code, "requantize");
  });
});
