import assert from "node:assert/strict";
import path from "node:path";
import { parseOverride } from "../../../src/core/recipe/overrides";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { folderOf, openPath } from "../../../src/io/openPath";
import type { Engine } from "../../../src/jobs/engine";
import { prepareWrite, type WriteRequest } from "../../../src/jobs/prepareWrite";
import { recipeText } from "../../../src/jobs/recipeText";
import { checkpointOf, engineOf, f32, quiet } from "../jobs/harness";
import { folderOf as memoryFolder } from "../../support/openBytes";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");

describe("recipes for other quantizers", function () {
  this.timeout(60_000);
  const engine = engineOf();
  let checkpoint: Checkpoint;
  before(async () => {
    checkpoint = await openPath(sample);
  });
  after(() => checkpoint.close());

  async function textOf(kind: string, request: Omit<WriteRequest, "out">, more: { allowRequantize?: boolean; imatrix?: string } = {}) {
    const whole = { ...request, out: "/x/out.gguf" };
    const { method: _, ...planned } = whole;
    const prepared = await prepareWrite(engine(), { checkpoint, folder: await folderOf(sample) }, planned, quiet());
    return recipeText(kind, prepared, { ...whole, allowRequantize: more.allowRequantize ?? false, imatrix: more.imatrix });
  }

  const lineOf = (text: string, key: string): string | undefined =>
    text
      .split("\n")
      .find((line) => line.trim().startsWith(key))
      ?.trim();

  it("llm-compressor: the modifier of each method, with bits, groups and what to leave out", async () => {
    const gptq = await textOf("llm-compressor", { to: "compressed-tensors", type: "W4A16" });
    assert.match(gptq, /\n {4}GPTQModifier:\n {6}config_groups:\n {8}group_0:\n/);
    assert.equal(
      lineOf(gptq, "weights"),
      'weights: {num_bits: 4, type: "int", symmetric: true, strategy: "group", group_size: 128, dynamic: false}',
    );
    assert.equal(lineOf(gptq, "ignore"), 'ignore: ["lm_head"]');
    const awq = await textOf("llm-compressor", { to: "awq", type: "int4-g64", method: "AWQ" });
    assert.match(awq, /\n {4}AWQModifier: \{\}\n {4}QuantizationModifier:\n/);
    assert.match(lineOf(awq, "weights")!, /symmetric: false, strategy: "group", group_size: 64/);
    const bytes = await textOf("llm-compressor", { to: "compressed-tensors", type: "fp8_dynamic", method: "rtn" });
    assert.equal(
      lineOf(bytes, "input_activations"),
      'input_activations: {num_bits: 8, type: "float", symmetric: true, strategy: "token", dynamic: true}',
    );
  });

  it("GPTQModel: a script with the same settings", async () => {
    const script = await textOf("gptqmodel", { to: "gptq-v2", type: "int3-g64" });
    for (const setting of ['method="gptq"', 'format="gptq_v2"', "bits=3", "group_size=64", "sym=False", "desc_act=False"]) {
      assert.equal(lineOf(script, setting), `${setting},`);
    }
    assert.match(await textOf("gptqmodel", { to: "awq", type: "int4-g128" }), /method="awq",\n {8}format="gemm",/);
  });

  it("GPTQModel is told which layers stay as they are", async () => {
    const odd = await checkpointOf([
      f32("model.layers.0.self_attn.q_proj.weight", [32, 64], new Float32Array(2048)),
      f32("model.layers.0.mlp.gate.weight", [4, 64], new Float32Array(256)),
    ]);
    const folder = memoryFolder({ "config.json": "{}" });
    const request = { to: "gptq", type: "int4-g32", out: "x" };
    const prepared = await prepareWrite(undefined as unknown as Engine, { checkpoint: odd, folder }, request, quiet());
    const script = recipeText("gptqmodel", prepared, { ...request, allowRequantize: false });
    assert.equal(lineOf(script, "dynamic"), 'dynamic={"-:^model\\\\.layers\\\\.0\\\\.mlp\\\\.gate$":{}},');
    await odd.close();
  });

  it("llama-quantize: the same types by name and pattern, quoted for the shell", async () => {
    const overrides = [parseOverride("ffn_down=Q6_K"), parseOverride("*attn_v.weight=Q8_0")];
    const text = await textOf(
      "llama-quantize",
      { to: "gguf", type: "Q4_K_M", overrides, pure: true },
      { imatrix: "it's.dat", allowRequantize: true },
    );
    assert.deepEqual(text.split("exec ")[1]!.split(" \\\n  "), [
      "llama-quantize",
      "--allow-requantize",
      "--pure",
      "--imatrix 'it'\\''s.dat'",
      "--tensor-type 'ffn_down=q6_k'",
      "--tensor-type '^.*attn_v\\.weight$=q8_0'",
      '"$1" "$2" Q4_K_M\n',
    ]);
    const solved = await textOf("llama-quantize", { to: "gguf", targetSize: 2_500_000 });
    assert.match(solved, /\n {2}--tensor-type '\^blk\\\.0\\\.attn_k\\\.weight\$=q\d_/);
  });

  it("are refused where the quantizer cannot write the format", async () => {
    await assert.rejects(textOf("autoawq", { to: "awq", type: "int4-g128" }), { code: "unknown-recipe" });
    await assert.rejects(textOf("gptqmodel", { to: "gguf", type: "Q4_0" }), { code: "recipe-format" });
    await assert.rejects(textOf("llama-quantize", { to: "awq", type: "int4-g128" }), { code: "recipe-format" });
    await assert.rejects(textOf("gptqmodel", { to: "bnb", type: "nf4" }), { code: "not-in-format" });
    await assert.rejects(textOf("gptqmodel", { to: "gptq", type: "int4-g128", method: "awq" }), { code: "unknown-method" });
    await assert.rejects(textOf("llm-compressor", { to: "bnb", type: "nf4" }), { code: "not-in-format" });
    await assert.rejects(textOf("llm-compressor", { to: "gptq", type: "int3-g128" }), { code: "not-in-format" });
    await assert.rejects(textOf("llm-compressor", { to: "gptq", type: "int4-g128", method: "hqq" }), { code: "unknown-method" });
  });
});
