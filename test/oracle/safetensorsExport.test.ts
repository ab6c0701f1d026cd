import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { InspectReport } from "../../src/jobs/inspect";
import { cliJson, runCli } from "../support/cli";
import { readSafetensorsHeader } from "../support/references";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");

/** Each tensor's type, shape and bytes. */
function tensorsOf(file: string): Map<string, unknown> {
  const bytes = readFileSync(file);
  return new Map(
    readSafetensorsHeader(file).map(({ name, dtype, shape, offset, bytes: size }) => [
      name,
      { dtype, shape, bytes: bytes.subarray(offset, offset + size).toString("base64") },
    ]),
  );
}

describe("`quantize --to safetensors`", function () {
  this.timeout(120_000);
  const at = temporaryFolder();

  it("fp8: every tensor as llm-compressor wrote it, and a configuration that says so", async function () {
    const reference = sharedOrSkip(this, "fixtures/quantized/ct-fp8-dynamic");
    await cliJson("quantize", sample, "--to", "safetensors", "--type", "fp8", "--out", at("fp8"));
    const expected = tensorsOf(path.join(reference, "model.safetensors"));
    assert.equal(expected.size, 67);
    assert.deepEqual(tensorsOf(at("fp8", "model.safetensors")), expected);
    const config = JSON.parse(readFileSync(at("fp8", "config.json"), "utf8")) as {
      quantization_config: { format: string; ignore: string[] };
    };
    assert.deepEqual([config.quantization_config.format, config.quantization_config.ignore], ["float-quantized", ["lm_head"]]);
    for (const name of ["tokenizer.json", "tokenizer.model", "generation_config.json"])
      assert.deepEqual(readFileSync(at("fp8", name)), readFileSync(path.join(sample, name)));
    const { warnings } = await cliJson<InspectReport>("inspect", at("fp8"));
    assert.deepEqual(warnings, []);
  });

  it("bf16 of the sample is the sample; f32 and f16 hold the values of their types", async () => {
    await cliJson("quantize", sample, "--to", "safetensors", "--type", "BF16", "--out", at("bf16.safetensors"));
    assert.deepEqual(tensorsOf(at("bf16.safetensors")), tensorsOf(path.join(sample, "model.safetensors")));
    for (const [type, worst] of [
      ["f32", 0],
      ["f16", 1e-4],
    ] as const) {
      const out = at(`${type}.safetensors`);
      await cliJson("quantize", sample, "--to", "safetensors", "--type", type, "--out", out);
      const { changed } = await compareValues(out);
      assert.ok(changed <= worst, `${type}: ${changed}`);
    }
  });

  it("splits the weights into shards with an index that readers follow", async () => {
    await cliJson("quantize", sample, "--to", "safetensors", "--type", "fp8", "--split-max-size", "2MB", "--out", at("shards"));
    const shards = readdirSync(at("shards")).filter((name) => name.endsWith(".safetensors"));
    assert.ok(shards.length >= 3 && shards.every((name) => /^model-\d{5}-of-\d{5}\.safetensors$/.test(name)), shards.join());
    const whole = await cliJson<InspectReport>("inspect", at("fp8"));
    const split = await cliJson<InspectReport>("inspect", at("shards"));
    assert.deepEqual(split.warnings, []);
    const shapes = ({ tensors }: InspectReport) => new Map(tensors.map(({ name, dtype, shape, bytes }) => [name, { dtype, shape, bytes }]));
    assert.deepEqual(shapes(split), shapes(whole));
  });

  async function compareValues(out: string): Promise<{ changed: number }> {
    const name = "model.layers.2.mlp.up_proj.weight";
    const read = (file: string) => cliJson<{ rows: number[][] }>("values", file, "--tensor", name, "--rows", "0:8");
    const [before, after] = [await read(sample), await read(out)];
    return { changed: Math.max(...before.rows.flatMap((row, i) => row.map((value, j) => Math.abs(value - after.rows[i]![j]!)))) };
  }

  it("refuses other types by name and leaves no folder behind", async () => {
    const { code, stdout } = await runCli(["quantize", sample, "--to", "safetensors", "--type", "Q4_K", "--out", at("no"), "--json"]);
    assert.equal(code, 2);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, "unknown-type");
    assert.ok(!existsSync(at("no")));
    assert.ok(readdirSync(at()).every((name) => !name.endsWith(".tmp")));
  });
});
