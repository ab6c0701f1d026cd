import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openModel } from "../../src/core/convert/openModel";
import { fileTypes, findFileType } from "../../src/core/recipe/fileTypes";
import { planGguf } from "../../src/core/recipe/preflight";
import { folderOf, openPath } from "../../src/io/openPath";
import { runCli } from "../support/cli";
import { ggmlTypeIds } from "../support/ggml";
import { llamaOrSkip, type Llama } from "../support/llama";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";
import { engineOf, quiet } from "../unit/jobs/harness";

/** Types that do not search. */
const plain = ["F32", "F16", "BF16", "Q8_0", "Q1_0", "Q2_0", "TQ1_0", "TQ2_0"];
/** All but those for mixtures of experts. */
const names = fileTypes.map(({ name }) => name).filter((name) => name !== "MXFP4_MOE");
const needImportance = new Set(fileTypes.filter(({ needsImportance }) => needsImportance).map(({ name }) => name));

/** Mean squares of the inputs of the sample's layers, by GGUF name. */
function importanceOf(file: string): Map<string, Float32Array> {
  const { values } = JSON.parse(readFileSync(file, "utf8")) as { values: Record<string, number[]> };
  return new Map(Object.entries(values).map(([name, weights]) => [name, Float32Array.from(weights)]));
}

describe("`quantize` against the real llama-quantize, whole files byte for byte", function () {
  this.timeout(300_000);
  const engine = engineOf();
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

  for (const name of names.filter((type) => !needImportance.has(type))) {
    it(name, async () => same(await ours(input, "--type", name), theirs(input, { fileType: findFileType(name)!.id })));
  }

  for (const name of names.filter((type) => !plain.includes(type))) {
    it(`${name} with an importance matrix`, async function () {
      const importance = importanceOf(sharedOrSkip(this, "sample/imatrix.json"));
      const fileType = findFileType(name)!;
      const checkpoint = await openPath(input);
      const plan = planGguf(await openModel(checkpoint, await folderOf(input)), folder("ours.gguf"), { fileType, importance: true });
      await engine().quantize({ checkpoint, plan, importance: (tensor) => importance.get(tensor) }, quiet());
      await checkpoint.close();
      same(readFileSync(folder("ours.gguf")), theirs(input, { fileType: fileType.id, importance }));
    });
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

  it("from and to split files", async () => {
    const out = folder("parts.gguf");
    const { code, stdout } = await runCli([
      "quantize",
      input,
      "--to",
      "gguf",
      "--type",
      "F16",
      "--out",
      out,
      "--split-max-size",
      "2M",
      "--json",
    ]);
    assert.equal(code, 0, stdout);
    const { files } = JSON.parse(stdout) as { files: { path: string }[] };
    assert.equal(files.length, 5);
    same(await ours(files[0]!.path, "--type", "Q4_0"), theirs(files[0]!.path, { fileType: 2 }));
    same(readFileSync(folder("ours.gguf")), theirs(input, { fileType: 2 }));
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
