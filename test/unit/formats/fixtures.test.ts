import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { unavailability } from "../../../src/core/tensor/availability";
import type { Checkpoint, MetadataEntry } from "../../../src/core/tensor/checkpoint";
import { openPath } from "../../../src/io/openPath";
import {
  readAll,
  readFixtureIndex,
  sha256,
  tensorHash,
  type FixtureFile,
  type FixtureKeyValue,
  type FixtureTensor,
} from "../../support/fixtureIndex";
import { refusalOf } from "../../support/openBytes";
import { sharedOrSkip } from "../../support/shared";

/** Compares tensors with what a reference reader found; `dtype`, `shape`, place and every byte. */
async function checkTensors(checkpoint: Checkpoint, expected: readonly FixtureTensor[]): Promise<void> {
  const found = new Map(checkpoint.tensors.map((tensor) => [tensor.name, tensor]));
  assert.equal(found.size, checkpoint.tensors.length);
  assert.deepEqual([...found.keys()].sort(), expected.map(({ name }) => name).sort());
  for (const { name, dtype, shape, nbytes, sha256: hash, dataOffset } of expected) {
    const tensor = found.get(name)!;
    assert.deepEqual([tensor.dtype, tensor.shape, tensor.bytes], [dtype, shape, nbytes], name);
    if (dataOffset !== undefined) assert.equal(tensor.offset, dataOffset, name);
    assert.equal(unavailability(checkpoint, tensor), undefined);
    assert.equal(await tensorHash(checkpoint, tensor), hash, name);
  }
}

function typeName(type: string): string {
  const names: Record<string, string> = { STRING: "string", BOOL: "bool", ARRAY: "array", FLOAT32: "f32", FLOAT64: "f64" };
  const one = (name: string): string => names[name] ?? name.replace(/^UINT/, "u").replace(/^INT/, "i");
  const parts = type.replace(/[<>]/g, ",").split(",").filter(Boolean).map(one);
  return parts.reduceRight((inner, outer) => `${outer}<${inner}>`);
}

async function checkKeyValue(entry: MetadataEntry, expected: FixtureKeyValue): Promise<void> {
  assert.deepEqual([entry.key, entry.type], [expected.key, typeName(expected.type)]);
  if (entry.read) {
    const values = await readAll(entry);
    assert.equal(values.length, entry.length);
    // The reference counts the leaves of nested arrays.
    const leaves = entry.type.startsWith("array<array") ? values.flatMap((value) => JSON.parse(String(value)) as unknown[]) : values;
    assert.equal(leaves.length, expected.length);
    if (expected.sha256ofValuesJson) assert.equal(sha256(JSON.stringify(values)), expected.sha256ofValuesJson, entry.key);
  } else if (expected.sha256) {
    assert.equal(sha256(String(entry.value)), expected.sha256);
  } else {
    const value = typeof entry.value === "bigint" ? String(entry.value) : entry.value;
    assert.deepEqual(value, typeof entry.value === "bigint" ? String(expected.value) : expected.value, entry.key);
  }
}

/** The tensors of the file itself, where opening it opens all parts. */
function ownTensors(checkpoint: Checkpoint, file: FixtureFile): Checkpoint {
  const place = checkpoint.files.findIndex(({ name }) => name === path.basename(file.path));
  return { ...checkpoint, tensors: checkpoint.tensors.filter((tensor) => tensor.file === place) };
}

describe("files written by the real libraries", () => {
  it("safetensors: names, types, shapes, metadata and every byte", async function () {
    this.timeout(60_000);
    const root = path.dirname(sharedOrSkip(this, "fixtures/index.json"));
    const files = readFixtureIndex(root, "safetensors");
    assert.ok(files.length >= 15);
    for (const file of files) {
      const checkpoint = await openPath(path.join(root, file.path));
      await checkTensors(ownTensors(checkpoint, file), file.tensors ?? []);
      const ofHeader = checkpoint.metadata.filter(({ key }) => key !== "total_size");
      assert.deepEqual(Object.fromEntries(ofHeader.map(({ key, value }) => [key, value])), file.metadata ?? {}, file.path);
      assert.deepEqual(checkpoint.warnings, [], file.path);
      await checkpoint.close();
    }
  });

  it("TFLite: names, types, shapes and every byte", async function () {
    const root = path.dirname(sharedOrSkip(this, "fixtures/index.json"));
    const files = readFixtureIndex(root, "tflite");
    assert.ok(files.length >= 2);
    for (const file of files) {
      const checkpoint = await openPath(path.join(root, file.path));
      await checkTensors(checkpoint, file.tensors ?? []);
      assert.deepEqual(checkpoint.warnings, [], file.path);
      await checkpoint.close();
    }
  });

  it("GGUF: names, types, shapes, keys, arrays and every byte", async function () {
    this.timeout(60_000);
    const root = path.dirname(sharedOrSkip(this, "fixtures/index.json"));
    const files = readFixtureIndex(root, "gguf");
    assert.ok(files.length >= 12);
    for (const file of files) {
      const full = path.join(root, file.path);
      if (file.bigEndian) {
        assert.equal((await refusalOf(openPath(full))).code, "gguf.big-endian");
        continue;
      }
      const checkpoint = await openPath(full);
      assert.equal(checkpoint.formatVersion, file.version);
      await checkTensors(ownTensors(checkpoint, file), file.tensors ?? []);
      assert.deepEqual(checkpoint.warnings, [], file.path);
      if (checkpoint.files.length === 1) {
        assert.equal(checkpoint.metadata.length, file.kv?.length);
        for (const [index, expected] of (file.kv ?? []).entries()) await checkKeyValue(checkpoint.metadata[index]!, expected);
      }
      await checkpoint.close();
    }
  });

  it("sharded and split: the whole from the folder, the index and every part", async function () {
    const root = path.dirname(sharedOrSkip(this, "fixtures/index.json"));
    const cases = [
      ["safetensors", "synthetic/safetensors/sharded", "model.safetensors.index.json"],
      ["gguf", "synthetic/gguf/split", undefined],
    ] as const;
    for (const [format, folder, index] of cases) {
      const parts = readFixtureIndex(root, format).filter((file) => path.dirname(file.path) === folder);
      assert.equal(parts.length, 3);
      const entrances = ["", ...(index ? [index] : []), ...parts.map((part) => path.basename(part.path))];
      for (const entrance of entrances) {
        const checkpoint = await openPath(path.join(root, folder, entrance));
        await checkTensors(
          checkpoint,
          parts.flatMap((part) => part.tensors ?? []),
        );
        assert.deepEqual(checkpoint.warnings, []);
        await checkpoint.close();
      }
    }
  });

  for (const group of ["fixtures/quantized", "fixtures/architectures"]) {
    it(`${path.basename(group)}: every folder opens without a warning`, async function () {
      const root = sharedOrSkip(this, group);
      const index = JSON.parse(readFileSync(path.join(root, "index.json"), "utf8")) as Record<
        string,
        Record<string, { model_type?: string; tensors?: number }>
      >;
      const entries = Object.entries(index["checkpoints"] ?? index["architectures"] ?? {});
      assert.ok(entries.length >= 10);
      for (const [name, { model_type: architecture, tensors }] of entries) {
        if (name.startsWith("hqq")) continue; // a PyTorch file
        const checkpoint = await openPath(path.join(root, name));
        assert.deepEqual(checkpoint.warnings, [], name);
        assert.equal(checkpoint.architecture, architecture ?? "llama", name);
        if (tensors !== undefined) assert.equal(checkpoint.tensors.length, tensors, name);
        assert.ok(checkpoint.tensors.length > 10);
        await checkpoint.close();
      }
    });
  }

  it("the sample checkpoint: what its header says, in both formats", async function () {
    const sample = await openPath(path.join(__dirname, "../../../media/sample"));
    assert.deepEqual([sample.architecture, sample.tensors.length, sample.warnings], ["llama", 39, []]);
    const shapes = new Map(sample.tensors.map(({ name, shape }) => [name, shape]));
    assert.deepEqual(shapes.get("model.embed_tokens.weight"), [2048, 256]);
    assert.deepEqual(shapes.get("model.layers.3.mlp.down_proj.weight"), [256, 768]);
    await sample.close();
    for (const file of ["model-f16.gguf", "model-Q4_K_M.gguf"]) {
      const gguf = await openPath(sharedOrSkip(this, `sample/gguf/${file}`));
      assert.deepEqual([gguf.architecture, gguf.tensors.length, gguf.warnings], ["llama", 39, []]);
      assert.deepEqual(gguf.tensors.find(({ name }) => name === "blk.3.ffn_down.weight")?.shape, [256, 768]);
      await gguf.close();
    }
  });
});
