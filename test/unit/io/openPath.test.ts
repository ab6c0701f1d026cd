import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { openPath } from "../../../src/io/openPath";
import { namesOf, refusalOf } from "../../support/openBytes";
import { writeSafetensors } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";

const bytes = writeSafetensors([{ name: "s", dtype: "U8", shape: [3] }]);

describe("opening by path", () => {
  const path = temporaryFolder();
  before(() => {
    mkdirSync(path("model"));
    mkdirSync(path("model", "folder.safetensors"));
    writeFileSync(path("model", "model.safetensors"), bytes);
    symlinkSync("model", path("link"));
  });

  it("opens files, folders and links to them", async () => {
    for (const name of [path("model"), path("model", "model.safetensors"), path("link"), path("link", "model.safetensors")]) {
      const checkpoint = await openPath(name);
      assert.deepEqual(namesOf(checkpoint), ["s"]);
      const target = new Uint8Array(3);
      await checkpoint.files[0]!.file!.read(checkpoint.tensors[0]!.offset, target);
      assert.deepEqual([...target], [1, 2, 3]);
      await checkpoint.close();
    }
  });

  it("opens what a download cache links to", async () => {
    mkdirSync(path("snapshot"));
    mkdirSync(path("blobs"));
    writeFileSync(path("blobs", "0abc"), bytes);
    symlinkSync("../blobs/0abc", path("snapshot", "model.safetensors"));
    symlinkSync("../blobs/none", path("snapshot", "config.json"));
    const checkpoint = await openPath(path("snapshot"));
    assert.deepEqual([namesOf(checkpoint), checkpoint.files[0]!.name, checkpoint.warnings], [["s"], "model.safetensors", []]);
    await checkpoint.close();
  });

  it("explains paths that lead nowhere, with a hint", async () => {
    symlinkSync("loop", path("loop"));
    const cases: [string, string][] = [
      [path("none"), "io.not-found"],
      [path("model", "none.safetensors"), "io.not-found"],
      [path("model", "model.safetensors", "x"), "io.not-found"],
      [path("loop"), "io.not-found"],
      [path("x".repeat(300)), "io.not-found"],
      [path("model", "folder.safetensors"), "folder.empty"],
    ];
    for (const [name, code] of cases) {
      const error = await refusalOf(openPath(name));
      assert.equal(error.code, code, name);
      assert.ok(error.fields.hint);
    }
  });

  it("explains what may not be read", async function () {
    if (process.platform === "win32" || process.getuid?.() === 0) return this.skip();
    writeFileSync(path("secret.safetensors"), bytes);
    chmodSync(path("secret.safetensors"), 0);
    const error = await refusalOf(openPath(path("secret.safetensors")));
    assert.deepEqual([error.code, error.fields.found], ["io.no-access", "EACCES"]);
  });

  it("does not wait for a pipe", async function () {
    if (process.platform === "win32") return this.skip();
    execFileSync("mkfifo", [path("pipe")]);
    assert.equal((await refusalOf(openPath(path("pipe")))).code, "io.not-a-file");
  });
});

describe("NodeFolder", () => {
  const path = temporaryFolder();
  before(() => {
    mkdirSync(path("sub"));
    writeFileSync(path("a"), "x");
    writeFileSync(path("outside"), "x");
  });

  it("lists files only", async () => {
    assert.deepEqual((await new NodeFolder(path()).list()).sort(), ["a", "outside"]);
    assert.equal((await refusalOf(new NodeFolder(path("none")).list())).code, "io.not-found");
  });

  it("knows which files exist", async () => {
    const folder = new NodeFolder(path());
    assert.deepEqual([await folder.exists("a"), await folder.exists("sub"), await folder.exists("none")], [true, false, false]);
  });

  it("opens nothing outside itself", async () => {
    const folder = new NodeFolder(path("sub"));
    for (const name of ["../outside", "..\\outside", "..", ".", "", path("outside"), "a\0"]) {
      assert.equal(await folder.exists(name), false);
      assert.equal((await refusalOf(folder.open(name))).code, "io.not-found", name);
    }
    assert.equal((await refusalOf(new NodeFolder(path()).open("sub"))).code, "io.is-folder");
  });
});
