import assert from "node:assert/strict";
import { namesOf, openFiles, refusalOf } from "../../support/openBytes";
import { ggufF32, writeGguf } from "../../support/ggufWriter";
import { writeSafetensors } from "../../support/safetensorsWriter";

const safetensors = writeSafetensors([{ name: "s", dtype: "U8", shape: [3] }]);
const gguf = writeGguf({ tensors: [ggufF32("g", [8])] });

describe("opening a folder", () => {
  it("opens its only file with weights", async () => {
    assert.deepEqual(namesOf(await openFiles({ "model.safetensors": safetensors, "config.json": "{}", "a.md": "" })), ["s"]);
    assert.deepEqual(namesOf(await openFiles({ "MODEL.GGUF": gguf, "config.json": "{}" })), ["g"]);
  });

  it("names the checkpoints where there are several", async () => {
    const error = await refusalOf(openFiles({ "b.gguf": gguf, "a.safetensors": safetensors }));
    assert.equal(error.code, "folder.several");
    assert.match(error.message, /"a\.safetensors", "b\.gguf"$/);
    assert.ok(error.fields.hint);
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`m${10 + index}.gguf`, gguf]));
    assert.match((await refusalOf(openFiles(many))).message, /"m19\.gguf" and 15 more$/);
  });

  it("counts the parts of a set as one", async () => {
    const parts = { "m-00001-of-00002.safetensors": safetensors, "m-00002-of-00002.safetensors": safetensors };
    const error = await refusalOf(openFiles({ ...parts, "other.safetensors": safetensors }));
    assert.match(error.message, /: "m-00001-of-00002\.safetensors", "other\.safetensors"$/);
  });

  it("prefers an index to everything else, and the usual one among several", async () => {
    const index = JSON.stringify({ weight_map: { s: "model.safetensors" } });
    const files = { "model.safetensors": safetensors, "consolidated.safetensors": safetensors };
    assert.deepEqual(namesOf(await openFiles({ ...files, "model.safetensors.index.json": index })), ["s"]);
    const two = { ...files, "a.safetensors.index.json": index, "b.safetensors.index.json": index };
    assert.match((await refusalOf(openFiles(two))).message, /"a\.safetensors\.index\.json", "b\.safetensors\.index\.json"$/);
    const three = { ...two, "model.safetensors.index.json": index };
    assert.deepEqual(namesOf(await openFiles(three)), ["s"]);
  });

  it("takes the file that loaders take, whatever else is there", async () => {
    const other = writeSafetensors([{ name: "other", dtype: "U8", shape: [1] }]);
    const index = JSON.stringify({ weight_map: { other: "model.fp32-00001-of-00001.safetensors" } });
    const variant = { "model.safetensors.index.fp32.json": index, "model.fp32-00001-of-00001.safetensors": other };
    const beside: Readonly<Record<string, string | Uint8Array>>[] = [
      { "adapter_model.safetensors": other },
      { "model.gguf": gguf },
      variant,
    ];
    for (const files of beside) {
      assert.deepEqual(namesOf(await openFiles({ "model.safetensors": safetensors, ...files })), ["s"]);
    }
    assert.deepEqual(namesOf(await openFiles({ "diffusion_pytorch_model.safetensors": safetensors, "b.safetensors": other })), ["s"]);
    assert.deepEqual(namesOf(await openFiles(variant)), ["other"]);
  });

  it("passes over an index that was left behind when its shards were replaced", async () => {
    const index = JSON.stringify({ weight_map: { x: "model-00001-of-00002.safetensors", y: "model-00002-of-00002.safetensors" } });
    const left = { "model.safetensors.index.json": index };
    assert.deepEqual(namesOf(await openFiles({ "model.safetensors": safetensors, ...left })), ["s"]);
    assert.equal((await refusalOf(openFiles(left))).code, "sharded.no-shards");
  });

  it("ignores the index of PyTorch files", async () => {
    const index = JSON.stringify({ weight_map: { x: "pytorch_model-00001-of-00002.bin" } });
    assert.deepEqual(namesOf(await openFiles({ "model.safetensors": safetensors, "pytorch_model.bin.index.json": index })), ["s"]);
  });

  it("says that there is nothing", async () => {
    const error = await refusalOf(openFiles({ "training_args.bin": "x", "b.txt": "y" }));
    assert.deepEqual([error.code, error.fields.found], ["folder.empty", "2 other files"]);
    assert.ok(error.fields.hint);
    assert.equal((await refusalOf(openFiles({}))).code, "folder.empty");
  });

  it("says what the only file is, when it is not what its name says", async () => {
    assert.equal(
      (await refusalOf(openFiles({ "model.safetensors": "version https://git-lfs.github.com/spec/v1\n" }))).code,
      "sniff.lfs-pointer",
    );
  });
});
