import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { assertComesBack } from "../../support/backToHuggingFace";
import { cliJson, runCli } from "../../support/cli";
import { ggufF32, ggufString, type GgufValue, writeGguf } from "../../support/ggufWriter";
import { readSafetensorsHeader } from "../../support/references";
import { temporaryFolder } from "../../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");
const u32 = (value: number): GgufValue => ({ type: "u32", value });

describe("a GGUF checkpoint on its way to safetensors", function () {
  this.timeout(60_000);
  const at = temporaryFolder();

  const write = (
    name: string,
    tensors: [name: string, ne: number[]][],
    architecture: string,
    keys: Record<string, number> = {},
  ): string => {
    const metadata = [
      ["general.architecture", ggufString(architecture)] as const,
      ...Object.entries(keys).map(([key, value]) => [`${architecture}.${key}`, u32(value)] as const),
    ];
    writeFileSync(at(name), writeGguf({ metadata, tensors: tensors.map(([tensor, ne]) => ggufF32(tensor, ne)) }));
    return at(name);
  };
  const toFile = (source: string, out: string) => cliJson("quantize", source, "--to", "safetensors", "--type", "f32", "--out", at(out));

  it("comes back as the Hugging Face checkpoint that it was", async () => {
    const config = await assertComesBack(sample, at, "sample");
    const original = JSON.parse(readFileSync(path.join(sample, "config.json"), "utf8")) as Record<string, unknown>;
    const same = ["architectures", "model_type", "hidden_size", "num_key_value_heads", "rope_theta", "rms_norm_eps", "vocab_size"];
    for (const key of same) assert.deepEqual(config[key], original[key], key);
  });

  it("is quantized in its linear layers, which have the names that loaders look for", async () => {
    await cliJson("quantize", sample, "--to", "gguf", "--type", "Q8_0", "--out", at("q8.gguf"));
    const out = at("q8-fp8.safetensors");
    await cliJson("quantize", at("q8.gguf"), "--to", "safetensors", "--type", "fp8", "--out", out);
    const query = readSafetensorsHeader(out).find(({ name }) => name === "model.layers.0.self_attn.q_proj.weight");
    assert.equal(query?.dtype, "F8_E4M3");
  });

  it("keeps its names where a tensor or the architecture is not known, and says so", async () => {
    const experts = write("experts.gguf", [["blk.0.ffn_gate_exps.weight", [8, 2, 4]]], "llama");
    const other = write("other.gguf", [["blk.0.ssm_in.weight", [8, 8]]], "mamba");
    for (const [source, name, reason] of [
      [experts, "blk.0.ffn_gate_exps.weight", /names of llama\.cpp stay: blk\.0\.ffn_gate_exps\.weight/],
      [other, "blk.0.ssm_in.weight", /names of llama\.cpp stay: the architecture "mamba"/],
    ] as const) {
      const { stdout } = await runCli(["quantize", source, "--to", "safetensors", "--type", "f32", "--out", at("kept.safetensors")]);
      assert.match(stdout, reason);
      assert.deepEqual(
        readSafetensorsHeader(at("kept.safetensors")).map((tensor) => tensor.name),
        [name],
      );
    }
  });

  it("names all that the header lacks for a config.json, and writes the weights alone without one", async () => {
    const source = write("bare.gguf", [["token_embd.weight", [8, 4]]], "qwen2", { block_count: 1, embedding_length: 8 });
    const { code, stdout } = await runCli(["quantize", source, "--to", "safetensors", "--type", "f32", "--out", at("bare"), "--json"]);
    assert.equal(code, 2);
    const { error } = JSON.parse(stdout) as { error: { code: string; expected: string } };
    assert.equal(error.code, "config.missing");
    for (const key of ["attention.head_count", "feed_forward_length", "context_length"])
      assert.ok(error.expected.includes(`qwen2.${key}`), key);
    assert.ok(!existsSync(at("bare")));
    await toFile(source, "bare.safetensors");
    assert.equal(readSafetensorsHeader(at("bare.safetensors"))[0]!.name, "model.embed_tokens.weight");
  });

  it("refuses heads that do not fit the tensors", async () => {
    const source = write("heads.gguf", [["blk.0.attn_q.weight", [8, 8]]], "llama", { "attention.head_count": 3 });
    const { stdout } = await runCli(["quantize", source, "--to", "safetensors", "--type", "f32", "--out", at("x.safetensors"), "--json"]);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, "config.bad-heads");
  });
});
