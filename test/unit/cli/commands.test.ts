import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { ErrorsReport, StatsReport } from "../../../src/jobs/contract";
import { writeHole } from "../../bench/largeFiles";
import { cliFile, cliJson, runCli } from "../../support/cli";
import { sample } from "../../support/distributions";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";
import { bf16, f32 } from "../jobs/harness";

describe("the commands", () => {
  const at = temporaryFolder();
  let file = "";
  before(() => {
    file = at("model.safetensors");
    const tensors = [
      f32("a.weight", [40, 64], sample("normal", 2560, 1)),
      bf16("b.weight", [300, 32], sample("outliers", 9600, 2)),
      f32("scalar", [], Float32Array.of(-2.5)),
      f32("odd", [2], Float32Array.of(NaN, 1)),
      { name: "complex", dtype: "C64", shape: [1] },
    ];
    writeFileSync(file, writeSafetensors(tensors));
  });

  /** Output of every part, written to files. */
  async function parts(count: number, ...args: string[]): Promise<string[]> {
    const files: string[] = [];
    for (let index = 1; index <= count; index++) {
      const { code, stdout } = await runCli([...args, "--part", `${index}/${count}`]);
      assert.equal(code, 0);
      files.push(at(`${args[0]}-${index}.json`));
      writeFileSync(files.at(-1)!, stdout);
    }
    return files;
  }

  it("stats: the figures of the tensors asked for, and nothing that is the editor's own", async () => {
    const report = await cliJson<StatsReport>("stats", file, "--tensor", "*.weight", "--bins", "16");
    assert.deepEqual(Object.keys(report), ["tensors", "elapsedMs", "bytesRead"]);
    assert.deepEqual(
      report.tensors.map(({ name, count }) => [name, count]),
      [
        ["a.weight", 2560],
        ["b.weight", 9600],
      ],
    );
    const keys = "name dtype shape count finite nan inf zero min max mean std rms absMax kurtosis percentiles histogram";
    assert.deepEqual(Object.keys(report.tensors[0]!), keys.split(" "));
    assert.equal(report.tensors[1]!.histogram!.counts.length, 16);
    const all = await cliJson<StatsReport>("stats", file);
    assert.deepEqual(all.skipped, [{ name: "complex", reason: "values of type C64 are not yet decoded" }]);
  });

  it("stats and merge: parts make the whole", async () => {
    const whole = await cliJson<StatsReport>("stats", file);
    const merged = await cliJson<StatsReport>("merge", ...(await parts(3, "stats", file)));
    assert.deepEqual(
      merged.tensors.map(({ percentiles, histogram }) => [percentiles, histogram]),
      whole.tensors.map(({ percentiles, histogram }) => [percentiles, histogram]),
    );
    assert.deepEqual([merged.bytesRead, merged.skipped], [whole.bytesRead, whole.skipped]);
  });

  it("errors and merge: parts make the whole, in words too", async () => {
    const args = ["errors", file, "--types", "Q8_0,int4-g32", "--tensor", "*.weight"];
    const whole = await cliJson<ErrorsReport>(...args);
    const files = await parts(2, ...args);
    const merged = await cliJson<ErrorsReport>("merge", ...files);
    assert.deepEqual(Object.keys(merged), ["tensors", "total"]);
    assert.deepEqual(
      merged.tensors.map(({ types }) => types.Q8_0!.maxError),
      whole.tensors.map(({ types }) => types.Q8_0!.maxError),
    );
    const { stdout } = await runCli(["merge", ...files]);
    assert.match(stdout, /^tensor +type +mae/);
    assert.match(stdout, /all tensors +int4-g32/);
  });

  it("merge: refuses parts of different jobs, and what is no part", async () => {
    const files = [...(await parts(1, "stats", file)), ...(await parts(1, "errors", file, "--types", "int8"))];
    for (const args of [files, [files[0]!, files[0]!], [file]]) {
      const { code, stdout } = await runCli(["merge", ...args, "--json"]);
      assert.equal(code, 2);
      assert.match((JSON.parse(stdout) as { error: { code: string } }).error.code, /^bad-parts?$/);
    }
  });

  it("values: rows as JSON and as a table", async () => {
    const page = await cliJson("values", file, "--tensor", "a.weight", "--rows", "38:99");
    const values = sample("normal", 2560, 1);
    const rows = [38, 39].map((row) => Array.from(values.slice(row * 64, (row + 1) * 64)));
    assert.deepEqual(page, { name: "a.weight", shape: [40, 64], rows });
    assert.deepEqual(await cliJson("values", file, "--tensor", "scalar"), { name: "scalar", shape: [], rows: [[-2.5]] });
    assert.deepEqual(await cliJson("values", file, "--tensor", "odd"), { name: "odd", shape: [2], rows: [["NaN", 1]] });
    const { stdout } = await runCli(["values", file, "--tensor", "odd"]);
    assert.equal(stdout, "row    0  1\n  0  NaN  1\n");
  });

  it("values: the whole tensor as .npy", async () => {
    const out = at("b.npy");
    assert.deepEqual(await cliJson("values", file, "--tensor", "b.weight", "--out", out), {
      name: "b.weight",
      shape: [300, 32],
      out,
      bytes: 128 + 4 * 9600,
    });
    const expected = new Uint32Array(sample("outliers", 9600, 2).buffer).map((bits) => bits & 0xffff0000);
    assert.deepEqual(readFileSync(out).subarray(128), Buffer.from(expected.buffer));
  });

  it("values: neither the checkpoint nor a device is overwritten", async () => {
    const before = readFileSync(file);
    const { code, stdout } = await runCli(["values", file, "--tensor", "b.weight", "--out", file, "--json"]);
    assert.deepEqual([code, (JSON.parse(stdout) as { error: { code: string } }).error.code], [2, "output-is-input"]);
    assert.deepEqual(readFileSync(file), before);
  });

  it("names the tensor at fault in the error document, which has no field of its own for it", async () => {
    const { code, stdout } = await runCli(["values", file, "--tensor", "complex", "--json"]);
    const { error } = JSON.parse(stdout) as { error: Record<string, unknown> };
    assert.equal(code, 2);
    assert.deepEqual(Object.keys(error), ["code", "message", "file", "offset", "expected", "found", "hint"]);
    assert.equal(error.code, "unreadable-tensor");
    assert.match(String(error.found), /^tensor "complex"/);
  });

  it("values: does not print more than fits into a text", async () => {
    mkdirSync(at("huge"));
    const huge = at("huge/model.safetensors");
    writeHole(huge, "BF16", [[20_000, 4096]]);
    const { code, stdout } = await runCli(["values", huge, "--tensor", "model.layers.0.weight", "--rows", ":", "--json"]);
    const { error } = JSON.parse(stdout) as { error: { code: string; hint: string } };
    assert.deepEqual([code, error.code], [2, "page-too-large"]);
    assert.match(error.hint, /--out/);
  });

  it("inspect: a table with everything", async () => {
    const { code, stdout } = await runCli(["inspect", at()]);
    assert.equal(code, 0);
    for (const pattern of [/safetensors · 12 164 weights/, /^a\.weight +F32 +40×64 +2 560 +10 240$/m, /^scalar +F32 +scalar/m])
      assert.match(stdout, pattern);
  });

  it("fails with 1, and says why on stderr, when stdout takes no more", function () {
    if (process.platform !== "linux") return this.skip();
    // A device that is full, and a file of which only the first part can be written.
    for (const shell of ['exec "$@" > /dev/full', `ulimit -f 1; exec "$@" > ${at("limited.json")}`]) {
      const command = [process.execPath, cliFile, "stats", file, "--json"];
      const { status, stderr } = spawnSync("sh", ["-c", shell, "sh", ...command], { encoding: "utf8" });
      assert.equal(status, 1, shell);
      assert.match(stderr, /^quantscope: The output cannot be written: /);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  });

  it("fails with 2 on options that make no sense", async () => {
    for (const args of [
      ["stats", file, "--bins", "0"],
      ["stats", file, "--bins", "99999"],
      ["stats", file, "--part", "3/2"],
      ["stats", file, "--threads", "none"],
      ["stats", file, "--tensor", "nothing"],
      ["values", file, "--tensor", "a.weight", "--rows", "x"],
      ["values", file, "--tensor", "a.weight", "--rows", "1:2", "--out", at("x.npy")],
      ["errors", file],
      ["errors", file, "--types", "int8,,"],
      ["estimate", "7B", "--memory", "-1"],
      [],
      ["nonsense"],
    ]) {
      const { code, stdout } = await runCli([...args, "--json"]);
      assert.equal(code, 2, args.join(" "));
      assert.deepEqual(Object.keys((JSON.parse(stdout) as { error: object }).error), [
        "code",
        "message",
        "file",
        "offset",
        "expected",
        "found",
        "hint",
      ]);
    }
  });
});
