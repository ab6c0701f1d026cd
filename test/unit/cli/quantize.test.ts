import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliJson, runCli } from "../../support/cli";
import { temporaryFolder } from "../../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");

interface Written {
  out: string;
  bytes: number;
  bitsPerWeight: number;
  files?: { path: string; bytes: number }[];
  modelfile?: string;
  command?: string;
  tensors: { name: string; from: string; to: string; bytes: number; reason: string }[];
  elapsedMs: number;
}

describe("`quantize`", function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  const gguf = (...args: string[]): Promise<Written> => cliJson<Written>("quantize", sample, "--to", "gguf", ...args);

  async function codeOf(...args: string[]): Promise<string> {
    const { code, stdout } = await runCli(["quantize", sample, ...args, "--json"]);
    assert.equal(code, 2, stdout);
    return (JSON.parse(stdout) as { error: { code: string } }).error.code;
  }

  it("says with --dry-run exactly what it then writes", async () => {
    const out = at("plan.gguf");
    const planned = await gguf("--type", "q4_k_m", "--out", out, "--dry-run");
    assert.ok(!existsSync(out));
    const written = await gguf("--type", "Q4_K_M", "--out", out);
    assert.deepEqual({ ...planned, elapsedMs: 0 }, { ...written, elapsedMs: 0 });
    assert.equal(statSync(out).size, planned.bytes);
    assert.deepEqual(Object.keys(written), ["out", "bytes", "bitsPerWeight", "tensors", "elapsedMs"]);
    const [output] = written.tensors;
    assert.deepEqual(output, { name: "output.weight", from: "BF16", to: "Q6_K", bytes: 430_080, reason: "output matrix" });
  });

  it("keeps a file within the size asked for", async () => {
    for (const [size, least] of [
      ["2.5MB", 2.45e6],
      ["1.6 MiB", 1.6e6],
    ] as const) {
      const { bytes, tensors } = await gguf("--target-size", size, "--out", at("fit.gguf"));
      assert.ok(bytes <= (size === "2.5MB" ? 2.5e6 : 1.6 * 2 ** 20) && bytes > least, `${size}: ${bytes}`);
      assert.equal(statSync(at("fit.gguf")).size, bytes);
      assert.ok(tensors.some(({ reason }) => reason === "chosen for the target size"));
    }
    assert.equal(await codeOf("--to", "gguf", "--target-size", "1MB", "--out", at("fit.gguf")), "target-too-small");
  });

  it("splits where it is asked to", async () => {
    const { files } = await gguf("--type", "Q8_0", "--split-max-size", "2M", "--out", at("parts.gguf"));
    assert.ok(files && files.length > 2);
    for (const { path: file, bytes } of files) assert.equal(statSync(file).size, bytes);
    assert.ok(files[0]!.path.endsWith(`parts-00001-of-0000${files.length}.gguf`));
  });

  it("writes a Modelfile beside the weights for Ollama", async () => {
    const written = await cliJson<Written>("quantize", sample, "--to", "ollama", "--type", "Q4_K_M", "--out", at("tiny.gguf"));
    assert.equal(readFileSync(written.modelfile!, "utf8"), "FROM ./tiny.gguf\nPARAMETER temperature 0.8\nPARAMETER top_k 40\n");
    assert.equal(written.command, `ollama create tiny -f ${at("tiny.Modelfile")}`);
  });

  it("says with --dry-run what a folder for other loaders takes, to the byte, and writes a recipe instead of it", async () => {
    const args = ["quantize", sample, "--to", "gptq", "--type", "INT4-sym-g128", "--dtype", "f16"];
    const planned = await cliJson<Written>(...args, "--out", at("gptq"), "--split-max-size", "2MB", "--dry-run");
    assert.ok(!existsSync(at("gptq")));
    const written = await cliJson<Written>(...args, "--out", at("gptq"), "--split-max-size", "2MB");
    assert.deepEqual({ ...planned, elapsedMs: 0 }, { ...written, elapsedMs: 0 });
    const files = readdirSync(at("gptq"));
    assert.ok(
      ["config.json", "quantize_config.json", "model.safetensors.index.json", "tokenizer.json"].every((name) => files.includes(name)),
    );
    assert.equal(
      files.reduce((sum, name) => sum + statSync(at("gptq", name)).size, 0),
      planned.bytes,
    );
    const layer = written.tensors.find(({ name }) => name === "model.layers.0.self_attn.q_proj.weight");
    assert.deepEqual(layer, { name: layer!.name, from: "BF16", to: "I32", bytes: 35_072, reason: "linear layer: int4-sym-g128" });
    assert.equal(written.tensors.find(({ name }) => name === "lm_head.weight")?.to, "F16");
    const { text } = await cliJson<{ text: string }>(...args, "--recipe", "GPTQModel", "--out", at("recipe.py"));
    assert.equal(readFileSync(at("recipe.py"), "utf8"), text);
    assert.match(text, /bits=4,/);
  });

  it("says what is wrong with what it was asked for", async () => {
    const out = at("no.gguf");
    assert.equal(await codeOf("--to", "gguf", "--out", out), "usage");
    assert.equal(await codeOf("--to", "gguf", "--out", out, "--type", "Q9"), "unknown-type");
    assert.equal(await codeOf("--to", "exl2", "--out", out, "--type", "Q4_0"), "unknown-format");
    assert.equal(await codeOf("--to", "gguf", "--out", out, "--type", "Q4_0", "--tensor-type", "attn_q"), "bad-override");
    assert.equal(await codeOf("--to", "gguf", "--out", out, "--type", "Q4_0", "--tensor-type", "(=Q8_0"), "bad-override");
    assert.equal(await codeOf("--to", "gguf", "--out", out, "--type", "Q2_K_S"), "needs-importance");
    assert.equal(await codeOf("--to", "ollama", "--out", out, "--type", "IQ4_XS"), "not-for-ollama");
    assert.equal(
      await codeOf("--to", "gguf", "--out", out, "--type", "Q4_0", "--imatrix", path.join(sample, "model.safetensors")),
      "not-an-imatrix",
    );
    assert.equal(await codeOf("--to", "gguf", "--out", at("none", "x.gguf"), "--type", "Q4_0"), "io.not-found");
    assert.ok(!readdirSync(at()).some((name) => name.startsWith("no.") || name.endsWith(".tmp")));
  });

  it("takes a wildcard pattern where a regular expression cannot begin", async () => {
    const { tensors } = await gguf("--type", "Q4_0", "--tensor-type", "*.attn_v.weight=Q8_0", "--out", at("glob.gguf"), "--dry-run");
    assert.deepEqual(
      tensors.filter(({ to }) => to === "Q8_0").map(({ name }) => name),
      [0, 1, 2, 3].map((layer) => `blk.${layer}.attn_v.weight`),
    );
  });

  it("leaves layers of a safetensors file as they are where a pattern says so, and tells loaders", async () => {
    const kept = [0, 1, 2, 3].map((layer) => `model.layers.${layer}.mlp.down_proj`);
    const skipped = ["lm_head", ...kept];
    const cases = [
      ["nf4", "llm_int8_skip_modules", "mlp.down_proj=stored", "BF16"],
      ["fp8", "ignore", "*.mlp.down_proj.weight=f32", "F32"],
    ] as const;
    for (const [type, key, override, dtype] of cases) {
      const out = at(`kept-${type}`);
      const { tensors } = await cliJson<Written>(
        ...["quantize", sample, "--to", "safetensors", "--type", type, "--tensor-type", override, "--out", out],
      );
      const written = tensors.filter(({ name }) => kept.includes(name.replace(/\.weight$/, "")));
      assert.deepEqual(
        written.map(({ to, reason }) => [to, reason]),
        kept.map(() => [dtype, `override ${override}`]),
      );
      const { quantization_config: config } = JSON.parse(readFileSync(path.join(out, "config.json"), "utf8")) as {
        quantization_config: Record<string, string[]>;
      };
      assert.deepEqual([...config[key]!].sort(), skipped);
    }
    assert.equal(await codeOf("--to", "safetensors", "--type", "nf4", "--tensor-type", "x=Q8_0", "--out", at("no")), "bad-override");
    // Loaders know one scheme a folder: another for some of its tensors is refused, whatever method the rest is quantized by.
    const mixed = ["--tensor-type", "q_proj=nf4", "--method", "gptq", "--out", at("no")];
    assert.equal(await codeOf("--to", "gptq", "--type", "int4-sym-g128", ...mixed), "bad-override");
    assert.equal(await codeOf("--to", "safetensors", "--type", "nf4", "--pure", "--out", at("no")), "only-for-gguf");
    const { stdout } = await runCli([
      "quantize",
      sample,
      "--to",
      "safetensors",
      "--type",
      "nf4",
      "--tensor-type",
      "nothing=f32",
      "--out",
      at("no"),
      "--dry-run",
    ]);
    assert.match(stdout, /No tensor has a name that matches "nothing=f32"/);
  });

  it("prints what it did as a table, with what a user should know", async () => {
    writeFileSync(at("old.gguf"), "old");
    const { code, stdout } = await runCli(["quantize", sample, "--to", "gguf", "--type", "Q4_0", "--out", at("old.gguf")]);
    assert.equal(code, 0);
    assert.match(stdout, /^tensor +from +to +bytes +why/);
    assert.match(stdout, /old\.gguf: 25\d{5} bytes written\n2\.5\d MB, 4\.77\d* bits per weight/);
  });

  it("refuses methods with calibration where they cannot be used", async () => {
    const out = at("calibrated");
    const refusals: readonly [string, string[]][] = [
      ["unknown-method", ["--to", "gptq", "--type", "int4-sym-g128", "--method", "magic"]],
      ["unknown-order", ["--to", "gptq", "--type", "int4-sym-g128", "--method", "gptq", "--order", "random"]],
      ["bad-gptq-option", ["--to", "gptq", "--type", "int4-sym-g128", "--method", "gptq", "--order", "activation"]],
      ["bad-gptq-option", ["--to", "gptq", "--type", "int4-sym-g128", "--method", "gptq", "--damping", "2"]],
      ["bad-scaling-option", ["--to", "compressed-tensors", "--type", "w8a8", "--method", "smoothquant", "--smoothing", "2"]],
      ["not-integers", ["--to", "bnb", "--type", "nf4", "--method", "gptq"]],
      ["not-for-gguf", ["--to", "gguf", "--type", "Q4_K_M", "--method", "awq"]],
      ["nothing-to-calibrate", ["--to", "gguf", "--type", "Q8_0", "--method", "gptq"]],
      ["text-too-short", ["--to", "gguf", "--type", "Q4_0", "--method", "gptq", "--text", path.join(sample, "generation_config.json")]],
    ];
    for (const [code, args] of refusals) assert.equal(await codeOf(...args, "--out", out), code, args.join(" "));
    assert.ok(!existsSync(out));
    assert.ok(readdirSync(at()).every((name) => !name.endsWith(".layers")));
  });
});
