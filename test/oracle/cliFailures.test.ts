import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writeHole } from "../bench/largeFiles";
import { cliJson, type CliOptions, cliFile, runCli } from "../support/cli";
import { writeDat } from "../support/imatrixWriter";
import { temporaryFolder } from "../support/temporaryFolder";

const root = path.join(__dirname, "..", "..");
const sample = path.join(root, "media", "sample");
const { version: packageVersion } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };

interface Failure {
  code: string;
  message: string;
  file: string | null;
  offset: number | null;
  expected: string | null;
  found: string | null;
  hint: string | null;
}

/** Runs a command that must end with `status` and print nothing but one JSON document that says why. */
async function failureOf(status: number, args: readonly string[], options?: CliOptions): Promise<Failure> {
  const { code, stdout, stderr } = await runCli([...args, "--json"], options);
  assert.equal(code, status, stdout + stderr);
  const document = JSON.parse(stdout) as { error: Failure };
  assert.deepEqual(Object.keys(document), ["error"]);
  assert.deepEqual(Object.keys(document.error).sort(), ["code", "expected", "file", "found", "hint", "message", "offset"]);
  assert.ok(document.error.message.length > 0);
  assert.equal(stderr, "", "nothing but the document");
  assert.doesNotMatch(stdout, /\n\s+at /, "no stack trace");
  return document.error;
}

describe("exit statuses and failures of the command line", function () {
  this.timeout(120_000);
  const at = temporaryFolder();

  it("2 for a file that is not there, naming it", async () => {
    const file = at("absent.safetensors");
    for (const command of [["inspect"], ["stats"], ["errors", "--types", "int8"], ["values", "--tensor", "x"]]) {
      const [verb, ...rest] = command;
      const error = await failureOf(2, [verb!, file, ...rest]);
      assert.equal(error.code, "io.not-found");
      assert.equal(error.file, file);
      assert.ok(error.hint);
    }
  });

  it("2 for a Git LFS pointer, with the object and its size", async () => {
    const oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    const file = at("model.safetensors");
    writeFileSync(file, `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 4938985352\n`);
    const error = await failureOf(2, ["inspect", file]);
    assert.equal(error.code, "sniff.lfs-pointer");
    assert.match(error.hint!, /git lfs pull/);
    const said = Object.values(error).join(" ");
    assert.ok(said.includes(oid.slice(0, 7)), said);
    assert.match(said, /4[,.]?9\d*/);
  });

  it("2 for a truncated file, with the offset at which it ends", async () => {
    const whole = readFileSync(path.join(sample, "model.safetensors"));
    const file = at("cut.safetensors");
    writeFileSync(file, whole.subarray(0, 2000));
    const error = await failureOf(2, ["inspect", file]);
    assert.equal(error.file, "cut.safetensors");
    assert.ok(error.offset !== null && error.expected !== null && error.found !== null, JSON.stringify(error));
  });

  it("2 for a type that does not exist, naming near ones", async () => {
    const error = await failureOf(2, ["errors", sample, "--types", "Q4_0,Q4K"]);
    assert.equal(error.code, "unknown-type");
    assert.equal(error.found, "Q4K");
    assert.match(error.hint!, /Q4_K/);
  });

  it("2 for options and arguments that make no sense", async () => {
    for (const args of [
      ["stats", sample, "--bogus"],
      ["stats"],
      ["stats", sample, "--bins", "many"],
      ["stats", sample, "--bins", "0"],
      ["errors", sample],
      ["estimate", "seven"],
      ["no-such-command"],
      ["stats", sample, "--tensor", "no.such.tensor"],
    ]) {
      await failureOf(2, args);
    }
  });

  it("2 for a checkpoint to be written of which a file is missing", async () => {
    const part = "model-00001-of-00002.safetensors";
    writeFileSync(at(part), readFileSync(path.join(sample, "model.safetensors")));
    const absent = "model-00002-of-00002.safetensors";
    writeFileSync(at("model.safetensors.index.json"), JSON.stringify({ weight_map: { "model.norm.weight": part, more: absent } }));
    const out = at("half.gguf");
    const error = await failureOf(2, ["quantize", at("model.safetensors.index.json"), "--to", "gguf", "--type", "Q8_0", "--out", out]);
    assert.deepEqual([error.code, error.file, existsSync(out)], ["incomplete", absent, false]);
  });

  it("2 for an importance matrix of another model, and for options that would do nothing", async () => {
    const matrix = at("other.dat");
    writeFileSync(matrix, writeDat([{ name: "blk.77.attn_q.weight", values: [1, 2] }]));
    const out = at("never.gguf");
    const error = await failureOf(2, ["quantize", sample, "--to", "gguf", "--type", "Q4_K_M", "--imatrix", matrix, "--out", out]);
    assert.deepEqual([error.code, error.file, existsSync(out)], ["other-imatrix", "other.dat", false]);
    for (const option of [["--pure"], ["--target-size", "1GB"], ["--imatrix", matrix]]) {
      const args = ["quantize", sample, "--to", "safetensors", "--type", "nf4", "--out", at("never.safetensors"), ...option];
      const { code, found } = await failureOf(2, args);
      assert.deepEqual([code, found], ["only-for-gguf", option[0]]);
    }
    const { code, found } = await failureOf(2, ["quantize", sample, "--to", "gguf", "--type", "Q8_0", "--out", out, "--dtype", "f16"]);
    assert.deepEqual([code, found], ["not-for-gguf", "--dtype"]);
    for (const [option, expected] of [
      [["--dtype", "f8"], "unknown-type"],
      [["--method", "exl3"], "unknown-method"],
      [["--recipe", "autoround"], "unknown-recipe"],
    ] as const) {
      const args = ["quantize", sample, "--to", "gptq", "--type", "int4-g128", "--out", at("never"), ...option];
      assert.equal((await failureOf(2, args)).code, expected);
    }
  });

  it("0 with a note for a pattern that no tensor's name matches", async () => {
    const args = ["--to", "gguf", "--type", "Q8_0", "--tensor-type", "attn_q=Q6_K", "--tensor-type", "atn_v=Q6_K"];
    const { notes } = await cliJson<{ notes: string[] }>("quantize", sample, ...args, "--out", at("noted.gguf"), "--dry-run");
    assert.deepEqual(
      notes.filter((note) => note.includes("Q6_K")),
      ['No tensor has a name that matches "atn_v=Q6_K"'],
    );
  });

  it("0 with help and version, and words instead of JSON without --json", async () => {
    const help = await runCli(["--help"]);
    assert.equal(help.code, 0);
    for (const command of ["inspect", "stats", "values", "errors", "estimate"]) assert.match(help.stdout, new RegExp(`\\b${command}\\b`));
    const version = await runCli(["--version"]);
    assert.deepEqual([version.code, version.stdout], [0, `${packageVersion}\n`]);
    const failed = await runCli(["inspect", at("absent.gguf")]);
    assert.equal(failed.code, 2);
    assert.equal(failed.stdout, "");
    assert.match(failed.stderr, /absent\.gguf/);
    assert.doesNotMatch(failed.stderr, /\n\s+at /);
  });

  it("a stack trace on stderr with --verbose", async () => {
    const { code, stdout, stderr } = await runCli(["inspect", at("absent.gguf"), "--json", "--verbose"]);
    assert.equal(code, 2);
    assert.equal((JSON.parse(stdout) as { error: Failure }).error.code, "io.not-found");
    assert.ok(stderr.includes(cliFile), stderr);
  });

  it("130 when interrupted", async () => {
    // A hole that takes many seconds to go through and no space on the disk.
    const file = at("hole.safetensors");
    writeHole(
      file,
      "F32",
      Array.from({ length: 40 }, () => [31_250, 32_000]),
    );
    const error = await failureOf(130, ["stats", file], { interruptAfterMs: 1500 });
    assert.equal(error.code, "cancelled");
  });
});
