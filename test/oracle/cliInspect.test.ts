import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { InspectReport } from "../../src/jobs/inspect";
import { cliJson } from "../support/cli";
import { ggmlOrSkip } from "../support/ggml";
import { type HeaderTensor, readGgufHeader, readSafetensorsHeader } from "../support/references";
import { sharedOrSkip } from "../support/shared";

const sample = path.join(__dirname, "..", "..", "media", "sample");

/** The tensors of a report in the order and with the fields of a header. */
function headerTensors(report: InspectReport): HeaderTensor[] {
  return report.tensors
    .map(({ name, dtype, shape, offset, bytes }) => ({ name, dtype, shape, offset, bytes }))
    .sort((a, b) => a.offset - b.offset);
}

function checkSums(report: InspectReport, file: string, expected: readonly HeaderTensor[]): void {
  const parameters = expected.map(({ shape }) => shape.reduce((product, dimension) => product * dimension, 1));
  const totalParameters = parameters.reduce((sum, count) => sum + count, 0);
  const totalBytes = expected.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.equal(report.architecture, "llama");
  assert.deepEqual(
    report.files.map(({ path: name, bytes }) => [path.basename(name), bytes]),
    [[path.basename(file), statSync(file).size]],
  );
  assert.ok(report.tensors.every((tensor) => tensor.file === 0));
  assert.equal(report.parameters, totalParameters);
  assert.equal(report.bytes, totalBytes);
  assert.ok(Math.abs(report.bitsPerWeight - (8 * totalBytes) / totalParameters) < 1e-9, String(report.bitsPerWeight));
  assert.deepEqual(report.warnings, []);
  const counts = new Map(expected.map(({ name }, index) => [name, parameters[index]]));
  for (const tensor of report.tensors) assert.equal(tensor.parameters, counts.get(tensor.name), tensor.name);
}

describe("`inspect` against headers read by others", function () {
  this.timeout(120_000);
  it("lists the sample as JSON.parse reads its header", async () => {
    const file = path.join(sample, "model.safetensors");
    const expected = readSafetensorsHeader(file);
    const report = await cliJson<InspectReport>("inspect", sample);
    assert.equal(report.format, "safetensors");
    assert.equal(expected.length, 39);
    assert.deepEqual(headerTensors(report), expected);
    checkSums(report, file, expected);
    assert.deepEqual(
      report.metadata.filter(({ key }) => key === "format").map(({ value }) => value),
      ["pt"],
    );
  });

  it("lists every GGUF file of the sample as Hugging Face's reader and ggml's row sizes have it", async function () {
    const folder = sharedOrSkip(this, "sample/gguf");
    const ggml = ggmlOrSkip(this);
    const files = readdirSync(folder).filter((name) => name.endsWith(".gguf"));
    assert.ok(files.length >= 2, "the sample has two GGUF files");
    for (const name of files) {
      const file = path.join(folder, name);
      const { tensors, metadata } = await readGgufHeader(file, (typeId, columns) => ggml.rowSize(typeId, columns));
      const report = await cliJson<InspectReport>("inspect", file);
      assert.equal(report.format, "gguf");
      assert.deepEqual(
        headerTensors(report),
        tensors.sort((a, b) => a.offset - b.offset),
        name,
      );
      checkSums(report, file, tensors);
      checkMetadata(report, metadata);
    }
  });
});

/** Keys Hugging Face's reader adds for the fields in front of the metadata. */
const frontFields = new Set(["version", "tensor_count", "kv_count"]);

function checkMetadata(report: InspectReport, expected: Readonly<Record<string, unknown>>): void {
  const entries = Object.entries(expected).filter(([key]) => !frontFields.has(key));
  assert.deepEqual(report.metadata.map(({ key }) => key).sort(), entries.map(([key]) => key).sort());
  const found = new Map(report.metadata.map((entry) => [entry.key, entry]));
  for (const [key, value] of entries) {
    const entry = found.get(key)!;
    if (!Array.isArray(value)) {
      assert.deepEqual(entry.value, plain(value), key);
      continue;
    }
    assert.equal(entry.length, value.length, key);
    assert.ok(Array.isArray(entry.value) && entry.value.length > 0, key);
    assert.deepEqual(entry.value, value.slice(0, entry.value.length).map(plain), key);
  }
}

function plain(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
