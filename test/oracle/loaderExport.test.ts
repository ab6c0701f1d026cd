import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { InspectReport } from "../../src/jobs/inspect";
import { cliJson } from "../support/cli";
import { readSafetensorsHeader } from "../support/references";
import { sharedOrSkip } from "../support/shared";
import { temporaryFolder } from "../support/temporaryFolder";

const sample = path.join(__dirname, "..", "..", "media", "sample");

/** Each tensor's type and shape, and its bytes; those of text without the spaces behind it, which say nothing. */
function tensorsOf(file: string): Map<string, string> {
  const content = readFileSync(file);
  return new Map(
    readSafetensorsHeader(file).map(({ name, dtype, shape, offset, bytes }) => {
      const own = content.subarray(offset, offset + bytes);
      const isText = name.includes(".quant_state.");
      return [name, isText ? own.toString("utf8").trimEnd() : `${dtype} ${shape.join()} ${own.toString("base64")}`];
    }),
  );
}

describe("checkpoints of the real quantizers that need no calibration, made here", function () {
  this.timeout(120_000);
  const at = temporaryFolder();

  for (const [name, to, type] of [
    ["bnb-nf4-dq", "bnb", "nf4-dq"],
    ["bnb-int8", "bnb", "llm-int8"],
    ["ct-w4a16-g128-rtn", "compressed-tensors", "W4A16"],
    ["ct-fp8-dynamic", "compressed-tensors", "FP8_DYNAMIC"],
  ] as const) {
    it(`${name}: every tensor as the library made it, and a configuration that says so`, async function () {
      const reference = sharedOrSkip(this, `fixtures/quantized/${name}`);
      await cliJson("quantize", sample, "--to", to, "--type", type, "--out", at(name));
      const [found, expected] = [at(name), reference].map((folder) => tensorsOf(path.join(folder, "model.safetensors")));
      assert.deepEqual([...found!.keys()].sort(), [...expected!.keys()].sort());
      const others = [...expected!].filter(([tensor, bytes]) => found!.get(tensor) !== bytes).map(([tensor]) => tensor);
      assert.deepEqual(name === "bnb-nf4-dq" ? others.filter((tensor) => !isNested(tensor, found!, expected!)) : others, []);
      const [own, theirs] = [at(name), reference].map((folder) => configOf(folder));
      for (const [key, value] of Object.entries(own!)) if (key !== "config_groups") assert.deepEqual(value, theirs![key], key);
      const { warnings } = await cliJson<InspectReport>("inspect", at(name));
      assert.deepEqual(warnings, []);
    });
  }

  for (const [type, expected] of [
    ["w4a16", "b9c9f1f09fdede134440b9f105a4c99f2eb72cd98161e21ead49eb652902b12b"],
    ["w4a16_asym", "b7de37639d25630f44c58dc54112a7e8960ce6dbec19a53315108297dc949c53"],
    ["w8a16", "40a89ac4eff24c80711ba89570d07ab19b0f36d7e7ae20d65aec7f267a07ec9e"],
    ["w8a8", "b65ee7731257b918d7f8f62077750bcae8661bb7e0ce9a647ec961426dfafb15"],
  ] as const) {
    // Our recipe for it, run by llm-compressor 0.14.0.1 with compressed-tensors 0.20.0 and torch 2.15.0 on a CPU, gave these.
    it(`${type}: the bytes of llm-compressor's round-to-nearest of the sample`, async () => {
      await cliJson("quantize", sample, "--to", "compressed-tensors", "--type", type, "--out", at(type));
      const file = at(type, "model.safetensors");
      const content = readFileSync(file);
      const hash = createHash("sha256");
      for (const { name, offset, bytes } of readSafetensorsHeader(file).sort((a, b) => (a.name < b.name ? -1 : 1))) {
        hash.update(name).update(content.subarray(offset, offset + bytes));
      }
      assert.equal(hash.digest("hex"), expected);
    });
  }

  it("spells numbers of the configuration as Python wrote them, which takes 6 for no float", async () => {
    await cliJson("quantize", sample, "--to", "bnb", "--type", "fp4-dq", "--out", at("fp4-dq"));
    const text = readFileSync(at("fp4-dq", "config.json"), "utf8");
    assert.match(text, /"llm_int8_threshold": 6\.0\n/);
    const before = readFileSync(path.join(sample, "config.json"), "utf8").trimEnd().split("\n").slice(0, -2);
    assert.ok(before.length > 10);
    assert.deepEqual(text.split("\n").slice(0, before.length), before);
  });
});

/**
 * Whether a tensor of double quantization is the library's but for the last bits of its map, which are others in every version
 * of PyTorch's `linspace`; a file has its own map, and what lies next to a boundary of it may fall on either side.
 */
function isNested(tensor: string, found: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): boolean {
  const bytesOf = (values: ReadonlyMap<string, string>) => Buffer.from(values.get(tensor)!.split(" ")[2]!, "base64");
  const [own, theirs] = [bytesOf(found), bytesOf(expected)];
  if (own.length !== theirs.length) return false;
  if (tensor.endsWith(".nested_quant_map")) {
    return Array.from({ length: 256 }, (_, i) => Math.abs(own.readInt32LE(4 * i) - theirs.readInt32LE(4 * i))).every((steps) => steps <= 2);
  }
  const steps = own.map((code, i) => Math.abs(code - theirs[i]!));
  return (
    tensor.endsWith(".weight.absmax") && steps.every((step) => step <= 1) && steps.filter((step) => step > 0).length <= own.length / 100
  );
}

function configOf(folder: string): Record<string, unknown> {
  const text = readFileSync(path.join(folder, "config.json"), "utf8");
  return (JSON.parse(text) as { quantization_config: Record<string, unknown> }).quantization_config;
}
