import assert from "node:assert/strict";
import { codesOf, folderOf, namesOf, openFiles, refusalOf, warningOf, type Files } from "../../support/openBytes";
import { openCheckpoint } from "../../../src/core/formats/open";
import { unavailability } from "../../../src/core/tensor/availability";
import { writeSafetensors } from "../../support/safetensorsWriter";

const first = "model-00001-of-00002.safetensors";
const second = "model-00002-of-00002.safetensors";
const indexName = "model.safetensors.index.json";

function shard(...names: string[]): Uint8Array {
  return writeSafetensors(
    names.map((name) => ({ name, dtype: "F32", shape: [2] })),
    { format: "pt" },
  );
}

function index(weightMap: Readonly<Record<string, string>>, totalSize: unknown = 8 * Object.keys(weightMap).length): string {
  return JSON.stringify({ metadata: { total_size: totalSize, note: "n" }, weight_map: weightMap }, null, 2);
}

const map = { a: first, b: first, c: second };
const files: Files = { [indexName]: index(map), [first]: shard("a", "b"), [second]: shard("c"), "config.json": '{"model_type":"qwen2"}' };

describe("sharded safetensors", () => {
  for (const name of [indexName, first, second, undefined]) {
    it(`is opened whole from ${name ?? "the folder"}`, async () => {
      const checkpoint = await openFiles(files, name);
      assert.deepEqual(namesOf(checkpoint), ["a", "b", "c"]);
      assert.deepEqual(
        checkpoint.tensors.map((tensor) => tensor.file),
        [0, 0, 1],
      );
      assert.deepEqual(
        checkpoint.files.map(({ name: file, bytes }) => [file, bytes]),
        [
          [first, (files[first] as Uint8Array).length],
          [second, (files[second] as Uint8Array).length],
        ],
      );
      assert.deepEqual([checkpoint.name, checkpoint.architecture, checkpoint.warnings], ["folder", "qwen2", []]);
      assert.deepEqual(checkpoint.config, { model_type: "qwen2" });
      assert.deepEqual(
        checkpoint.metadata.map(({ key, type, value }) => [key, type, value]),
        [
          ["format", "string", "pt"],
          ["total_size", "number", 24],
          ["note", "string", "n"],
        ],
      );
    });
  }

  it("recognizes an index by its content", async () => {
    const renamed = { [first]: files[first]!, [second]: files[second]!, "anything.txt": index(map) };
    assert.deepEqual(namesOf(await openFiles(renamed, "anything.txt")), ["a", "b", "c"]);
  });

  it("takes a diffusers index with a variant in its name for a second choice", async () => {
    const variant = { ...files, "model.safetensors.index.fp16.json": index({ c: second }) };
    assert.deepEqual(namesOf(await openFiles(variant)), ["a", "b", "c"]);
    assert.deepEqual(namesOf(await openFiles({ [second]: files[second]!, "m.safetensors.index.fp16.json": index({ c: second }) })), ["c"]);
  });

  it("keeps the place of a shard that is missing, and shows the others", async () => {
    const checkpoint = await openFiles({ [indexName]: files[indexName]!, [second]: files[second]! }, second);
    assert.deepEqual(namesOf(checkpoint), ["c"]);
    assert.deepEqual(checkpoint.files[0], { name: first, bytes: 0 });
    assert.equal(checkpoint.tensors[0]!.file, 1);
    const warning = warningOf(checkpoint, "sharded.missing-shard");
    assert.deepEqual([warning.severity, warning.file], ["error", first]);
    assert.match(warning.message, /its 2 tensors are not shown/);
    assert.equal(unavailability(checkpoint, { ...checkpoint.tensors[0]!, file: 0 }), "no-file");
  });

  it("keeps the place of a shard that is broken, and says what it is", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 99\n";
    const checkpoint = await openFiles({ ...files, [first]: pointer });
    assert.deepEqual(namesOf(checkpoint), ["c"]);
    assert.deepEqual(checkpoint.files[0], { name: first, bytes: pointer.length });
    assert.deepEqual(codesOf(checkpoint), ["sniff.lfs-pointer", "sharded.broken-shard"]);
    assert.ok(checkpoint.warnings.every((warning) => warning.severity === "error" && warning.file === first));
  });

  it("shows the whole tensors of a shard that was cut short", async () => {
    const bytes = files[first] as Uint8Array;
    const checkpoint = await openFiles({ ...files, [first]: bytes.subarray(0, bytes.length - 4) });
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "c"]);
    assert.equal(warningOf(checkpoint, "tensor.truncated").tensor, "b");
  });

  it("is refused when not one shard can be read", async () => {
    const error = await refusalOf(openFiles({ [indexName]: files[indexName]! }, indexName));
    assert.equal(error.code, "sharded.no-shards");
    assert.match(error.fields.found ?? "", /missing/);
  });

  it("reports a tensor that its shard lacks", async () => {
    const checkpoint = await openFiles({ ...files, [first]: shard("a") });
    const warning = warningOf(checkpoint, "sharded.missing-tensor");
    assert.deepEqual([warning.severity, warning.tensor, warning.file], ["error", "b", first]);
    assert.deepEqual(codesOf(checkpoint), ["sharded.missing-tensor", "sharded.total-size"]);
  });

  it("reports a tensor that the index lacks or expects elsewhere, and shows it", async () => {
    const unmapped = await openFiles({ ...files, [second]: shard("c", "d") });
    assert.deepEqual(namesOf(unmapped), ["a", "b", "c", "d"]);
    assert.equal(warningOf(unmapped, "sharded.unmapped-tensor").tensor, "d");
    const moved = await openFiles({ ...files, [first]: shard("a"), [second]: shard("b", "c") });
    assert.deepEqual(namesOf(moved), ["a", "b", "c"]);
    assert.deepEqual(codesOf(moved), ["sharded.unmapped-tensor"]);
  });

  it("reports a tensor in two shards, and shows the one that the index means", async () => {
    const checkpoint = await openFiles({ ...files, [first]: shard("a", "b", "c") });
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "c"]);
    assert.equal(checkpoint.tensors[2]!.file, 1);
    assert.deepEqual([warningOf(checkpoint, "sharded.duplicate-tensor").tensor, codesOf(checkpoint).length], ["c", 1]);
  });

  it("reports a total_size that is wrong, and one that is no number not at all", async () => {
    const wrong = await openFiles({ ...files, [indexName]: index(map, 1000) });
    const warning = warningOf(wrong, "sharded.total-size");
    assert.deepEqual([warning.severity, warning.expected, warning.found], ["warning", "1,000 bytes", "24 bytes"]);
    assert.deepEqual((await openFiles({ ...files, [indexName]: index(map, "24") })).warnings, []);
  });

  it("finds files in folders below that of the index, and its own spelled with a dot", async () => {
    const below = { a: `./${first}`, b: first, c: "sub/folder/c.safetensors", d: "sub/d.safetensors" };
    const checkpoint = await openFiles({
      ...{ [first]: files[first]!, "sub/folder/c.safetensors": shard("c"), [indexName]: index(below) },
    });
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "c"]);
    assert.deepEqual(codesOf(checkpoint), ["sharded.missing-shard"]);
    assert.equal(warningOf(checkpoint, "sharded.missing-shard").file, "sub/d.safetensors");
  });

  it("does not follow paths out of the folder", async () => {
    for (const path of ["../x.safetensors", "/etc/passwd", "sub/../../x.safetensors", "sub//x", "..", "c:x", "a\\b", "", "."]) {
      const checkpoint = await openFiles({ ...files, [indexName]: index({ ...map, evil: path }) });
      const warning = warningOf(checkpoint, "index.bad-path");
      assert.deepEqual([warning.severity, warning.tensor, warning.found], ["error", "evil", path]);
      assert.deepEqual(namesOf(checkpoint), ["a", "b", "c"]);
    }
  });

  it("reports names that come twice in the index, and values that are no names", async () => {
    const text = `{"weight_map":{"a":"${first}","b":"x.safetensors","b":"${first}","c":"${second}","d":7}}`;
    const checkpoint = await openFiles({ ...files, [indexName]: text });
    assert.deepEqual(codesOf(checkpoint), ["index.duplicate-name", "index.bad-entry"]);
    assert.deepEqual(namesOf(checkpoint), ["a", "b", "c"]);
  });

  it("is refused when the index is broken, with the place", async () => {
    const error = await refusalOf(openFiles({ ...files, [indexName]: '{"weight_map":{"ü":}}' }, indexName));
    assert.deepEqual([error.code, error.fields.offset], ["index.bad-json", 20]);
  });

  it("is put together by names where the index is missing or broken", async () => {
    for (const extra of [{}, { [indexName]: "{" }] as Files[]) {
      const checkpoint = await openFiles({ [first]: files[first]!, [second]: files[second]!, ...extra });
      assert.deepEqual(namesOf(checkpoint), ["a", "b", "c"]);
      assert.equal(warningOf(checkpoint, "sharded.no-index").severity, "warning");
    }
    const partial = await openFiles({ [second]: files[second]! });
    assert.deepEqual([namesOf(partial), codesOf(partial)], [["c"], ["sharded.no-index", "sharded.missing-shard"]]);
  });

  it("opens a single shard without an index by itself, and says that there are others", async () => {
    const checkpoint = await openFiles({ [first]: files[first]!, [second]: files[second]! }, first);
    assert.deepEqual([namesOf(checkpoint), checkpoint.name], [["a", "b"], first]);
    assert.equal(warningOf(checkpoint, "sharded.no-index").severity, "info");
  });

  it("ignores an index that means other files", async () => {
    const single = { ...files, "adapter.safetensors": shard("lora") };
    assert.deepEqual(namesOf(await openFiles(single, "adapter.safetensors")), ["lora"]);
  });

  it("opens files in a folder that may not be listed", async () => {
    const folder = folderOf({ "a.safetensors": shard("a") });
    const refusal = await refusalOf(folder.open("nothing"));
    folder.list = () => Promise.reject(refusal);
    assert.deepEqual(namesOf(await openCheckpoint(folder, "a.safetensors")), ["a"]);
  });

  describe("config.json", () => {
    const single = { "model.safetensors": shard("a") };
    it("names the architecture", async () => {
      const checkpoint = await openFiles({ ...single, "config.json": '{"model_type":"llama","__proto__":1}' });
      assert.equal(checkpoint.architecture, "llama");
      assert.deepEqual(Object.keys(checkpoint.config ?? {}), ["model_type", "__proto__"]);
    });
    it("may say nothing about it", async () => {
      for (const text of ["{}", '{"model_type":7}', '{"model_type":""}']) {
        const checkpoint = await openFiles({ ...single, "config.json": text });
        assert.deepEqual([checkpoint.architecture, checkpoint.warnings], [undefined, []]);
      }
    });
    it("is reported when it is broken", async () => {
      for (const text of ["{", "[]", "null", ""]) {
        const checkpoint = await openFiles({ ...single, "config.json": text });
        assert.deepEqual([namesOf(checkpoint), checkpoint.config], [["a"], undefined]);
        assert.deepEqual([warningOf(checkpoint, "config.bad-json").file, codesOf(checkpoint).length], ["config.json", 1]);
      }
      const bytes = Uint8Array.of(0x7b, 0x22, 0xff);
      assert.equal(warningOf(await openFiles({ ...single, "config.json": bytes }), "sidecar.bad-utf8").offset, 2);
    });
  });
});
