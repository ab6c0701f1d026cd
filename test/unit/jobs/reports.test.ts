import assert from "node:assert/strict";
import { inspectReport } from "../../../src/jobs/inspect";
import { checkpointSnapshot } from "../../../src/jobs/snapshot";
import { summarize } from "../../../src/jobs/summary";
import { defaultThreads } from "../../../src/jobs/workerPool";
import { sample } from "../../support/distributions";
import { ggufF32, ggufString, ggufStrings, writeGguf } from "../../support/ggufWriter";
import { openBytes, openFiles } from "../../support/openBytes";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { bf16, checkpointOf, engineOf, f32, quiet } from "./harness";

function ggufFile(): Uint8Array {
  return writeGguf({
    metadata: [
      ["general.architecture", ggufString("llama")],
      ["big", { type: "u64", value: 2n ** 60n }],
      ["small", { type: "u64", value: 7n }],
      ["none", { type: "f32", value: NaN }],
      ["tokens", ggufStrings(Array.from({ length: 100 }, (_, i) => `t${i}`))],
    ],
    tensors: [ggufF32("token_embd.weight", [32, 4]), ggufF32("output_norm.weight", [32])],
  });
}

describe("reports without a scan", () => {
  it("inspect: everything the headers say, as JSON has it", async () => {
    const report = await inspectReport(await openBytes(ggufFile(), "model.gguf"));
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    assert.deepEqual(Object.keys(report), [
      "format",
      "files",
      "parameters",
      "bytes",
      "bitsPerWeight",
      "architecture",
      "tensors",
      "metadata",
      "warnings",
    ]);
    assert.deepEqual(
      [report.format, report.architecture, report.parameters, report.bytes, report.bitsPerWeight],
      ["gguf", "llama", 160, 640, 32],
    );
    assert.deepEqual(report.tensors[0], {
      ...report.tensors[0],
      name: "token_embd.weight",
      dtype: "F32",
      shape: [4, 32],
      parameters: 128,
      bytes: 512,
      file: 0,
    });
    const value = (key: string) => report.metadata.find((row) => row.key === key);
    assert.deepEqual([value("big")!.value, value("small")!.value, value("none")!.value], ["1152921504606846976", 7, "NaN"]);
    assert.deepEqual([value("tokens")!.length, (value("tokens")!.value as string[]).slice(0, 2)], [100, ["t0", "t1"]]);
    assert.equal((value("tokens")!.value as string[]).length, 64);
  });

  it("snapshot: the rows of the table and what they add up to", async () => {
    const snapshot = checkpointSnapshot(await openBytes(ggufFile(), "model.gguf"));
    assert.deepEqual([snapshot.formatLabel, snapshot.architecture, snapshot.metadataCount], ["GGUF v3", "llama", 5]);
    assert.deepEqual(snapshot.composition, [
      { part: "embeddings", parameters: 128 },
      { part: "norms", parameters: 32 },
    ]);
    assert.deepEqual(snapshot.dtypes, [{ dtype: "F32", parameters: 160, bytes: 640 }]);
    assert.ok(snapshot.tensors.every(({ decodable }) => decodable));
    const mixed = checkpointSnapshot(
      await checkpointOf([
        { name: "c", dtype: "C64", shape: [1] },
        bf16("b", [8], new Float32Array(8)),
        f32("f", [4], new Float32Array(4)),
      ]),
    );
    assert.deepEqual(
      mixed.tensors.map(({ decodable }) => decodable),
      [false, true, true],
    );
    assert.deepEqual(
      mixed.dtypes.map(({ dtype }) => dtype),
      ["BF16", "F32", "C64"],
    );
    assert.deepEqual([mixed.formatLabel, mixed.bitsPerWeight], ["safetensors", (8 * 40) / 13]);
  });

  it("snapshot: of tensors whose file is missing says that they cannot be read", async () => {
    const index = JSON.stringify({
      metadata: {},
      weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" },
    });
    const shard = writeSafetensors([f32("a", [4], new Float32Array(4))]);
    const files = { "model.safetensors.index.json": index, "model-00001-of-00002.safetensors": shard };
    const snapshot = checkpointSnapshot(await openFiles(files, "model.safetensors.index.json"));
    assert.deepEqual(
      snapshot.files.map(({ readable }) => readable),
      [true, false],
    );
    assert.ok(snapshot.tensors.every(({ name, decodable }) => decodable === (name === "a")));
  });

  it("threads: all of two cores, else one is left, never more than four", () => {
    assert.deepEqual([1, 2, 3, 4, 8, 64].map(defaultThreads), [1, 2, 2, 3, 4, 4]);
  });
});

describe("the summary of a row", () => {
  const engine = engineOf(1);

  it("has the scan's small histogram, or makes one", async () => {
    const checkpoint = await checkpointOf([f32("x", [100, 100], sample("normal", 10_000))]);
    const stats = (await engine().stats({ checkpoint }, quiet())).tensors[0]!;
    const summary = summarize(3, stats);
    assert.deepEqual([summary.index, summary.min, summary.std, summary.spark], [3, stats.min, stats.std, stats.spark]);
    const made = summarize(3, { ...stats, spark: undefined });
    const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    assert.ok(Math.abs(total(made.spark) - 10_000) < 20 && Math.abs(total(summary.spark) - 10_000) < 20);
    made.spark.forEach((count, bin) =>
      assert.ok(Math.abs(count - summary.spark[bin]!) < 150, `bin ${bin}: ${count}, ${summary.spark[bin]}`),
    );
  });
});
