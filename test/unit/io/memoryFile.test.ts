import assert from "node:assert/strict";
import { MemoryFile, MemoryFolder } from "../../../src/io/memoryFile";
import { refusalOf } from "../../support/openBytes";

describe("MemoryFile", () => {
  it("reads ranges of a copy in shared memory", async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const file = MemoryFile.from("a", bytes);
    bytes.fill(0);
    const target = new Uint8Array(2);
    await file.read(1, target);
    assert.deepEqual([...target], [2, 3]);
    assert.deepEqual([file.name, file.size, file.ref.kind], ["a", 4, "memory"]);
    await file.close();
  });

  it("refuses reads past the end", async () => {
    const file = MemoryFile.from("a", new Uint8Array(4));
    for (const [offset, length] of [
      [3, 2],
      [5, 0],
      [-1, 1],
    ] as const) {
      assert.equal((await refusalOf(file.read(offset, new Uint8Array(length)))).code, "io.truncated");
    }
  });
});

describe("MemoryFolder", () => {
  it("has the files it was given", async () => {
    const folder = new MemoryFolder("f", [["a", Uint8Array.of(7)]]);
    assert.deepEqual([folder.name, await folder.list(), await folder.exists("a"), await folder.exists("b")], ["f", ["a"], true, false]);
    assert.equal((await folder.open("a")).size, 1);
    assert.equal((await refusalOf(folder.open("b"))).code, "io.not-found");
  });
});
