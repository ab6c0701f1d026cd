import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliJson, runCli } from "../../support/cli";
import { temporaryFolder } from "../../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "..", "media", "sample");

interface Calibration {
  samples: number;
  tokens: number;
  bits: number;
  tensors: {
    name: string;
    methods: Record<string, { low: number; high: number; scale: number; zeroPoint: number; mse: number; curve?: object[] }>;
  }[];
}

describe("the commands that run a model on a text", () => {
  const at = temporaryFolder();
  const short = ["--context", "24", "--samples", "2"];

  async function failure(...args: string[]): Promise<{ code: number | null; error: { code: string; hint?: string } }> {
    const { code, stdout } = await runCli([...args, "--json"]);
    return { code, error: (JSON.parse(stdout) as { error: { code: string; hint?: string } }).error };
  }

  it("calibrate: ranges and errors of every linear layer, on the shipped text", async () => {
    const report = await cliJson<Calibration>("calibrate", sample, ...short);
    assert.deepEqual(Object.keys(report), ["samples", "tokens", "bits", "elapsedMs", "tensors"]);
    assert.deepEqual([report.samples, report.tokens, report.bits, report.tensors.length], [2, 48, 8, 28]);
    const [first] = report.tensors;
    const keys = ["name", "input", "min", "max", "meanSquare", "dynamicMse", "sweep", "outlierRatio", "methods"];
    assert.deepEqual(Object.keys(first!), keys);
    assert.equal(first!.name, "model.layers.0.self_attn.q_proj.weight");
    assert.deepEqual(Object.keys(first!.methods), ["minmax", "percentile", "mse", "entropy"]);
    assert.deepEqual(Object.keys(first!.methods.mse!), ["low", "high", "scale", "zeroPoint", "mse"]);
  });

  it("calibrate: with methods, bits and curves that are asked for", async () => {
    const report = await cliJson<Calibration>("calibrate", sample, ...short, "--method", "mse,minmax", "--bits", "4", "--curves");
    assert.equal(report.bits, 4);
    for (const { methods } of report.tensors) {
      assert.deepEqual(Object.keys(methods), ["mse", "minmax"]);
      assert(methods.mse!.curve!.length > 100);
      assert(Math.abs(methods.minmax!.scale * 15 - (methods.minmax!.high - methods.minmax!.low)) < 1e-9);
    }
    const { code, error } = await failure("calibrate", sample, ...short, "--method", "median");
    assert.deepEqual([code, error.code], [2, "unknown-method"]);
  });

  it("calibrate: a table without --json", async () => {
    const { code, stdout } = await runCli(["calibrate", sample, ...short, "--method", "minmax"]);
    assert.equal(code, 0);
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, 1 + 2 * 28);
    assert.match(lines[1]!, /^model\.layers\.0\.self_attn\.q_proj\.weight +minmax +-?\d/);
    assert.match(lines[2]!, /per token/);
  });

  it("imatrix: on a file, a folder, and a field of records, the same where the text is", async () => {
    const text = readFileSync(path.join(sample, "calibration.txt"), "utf8").slice(0, 2000);
    mkdirSync(at("texts"));
    writeFileSync(at("texts", "one.txt"), text);
    writeFileSync(at("records.jsonl"), `${JSON.stringify({ prompt: text })}\n`);
    const files: Buffer[] = [];
    for (const from of [
      ["--text", at("texts", "one.txt")],
      ["--text", at("texts")],
      ["--text", at("records.jsonl"), "--field", "prompt"],
    ]) {
      const out = at("imatrix.dat");
      const report = await cliJson<{ chunks: number; tokens: number; entries: number }>("imatrix", sample, ...short, ...from, "--out", out);
      assert.deepEqual([report.chunks, report.tokens, report.entries], [2, 48, 28]);
      // All but the name of the text at the end.
      files.push(readFileSync(out).subarray(0, 37_000));
    }
    assert(files[0]!.equals(files[1]!) && files[0]!.equals(files[2]!));
    const other = await runCli(["imatrix", sample, ...short, "--seed", "7", "--text", at("texts"), "--out", at("seed.gguf")]);
    assert.equal(other.code, 0);
    assert.match(other.stdout, /^.*seed\.gguf: .* 28 weights, 2 chunks of 24 tokens\n$/);
  });

  it("say what is missing: a text, a field, enough of it, a tokenizer", async () => {
    writeFileSync(at("empty.txt"), "");
    writeFileSync(at("fields.jsonl"), '{"body":"x"}\n');
    const cases = [
      [["--text", at("nowhere.txt")], "io.not-found"],
      [["--text", at("empty.txt")], "text-too-short"],
      [["--text", at("fields.jsonl")], "jsonl.no-field"],
      [["--context", "9999"], "too-long"],
    ] as const;
    for (const [options, expected] of cases) {
      const { code, error } = await failure("calibrate", sample, "--samples", "1", ...options);
      assert.deepEqual([code, error.code, error.hint !== undefined], [2, expected, true], expected);
    }
    mkdirSync(at("bare"));
    for (const name of ["model.safetensors", "config.json"]) copyFileSync(path.join(sample, name), at("bare", name));
    const { code, error } = await failure("imatrix", at("bare"), "--out", at("none.gguf"));
    assert.deepEqual([code, error.code, error.hint !== undefined], [2, "no-tokenizer", true]);
  });
});
