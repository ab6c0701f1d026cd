import assert from "node:assert/strict";
import { closeSync, openSync, readdirSync, readlinkSync, truncateSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { NodeFile } from "../../../src/io/nodeFile";
import { refusalOf } from "../../support/openBytes";
import { patternBytes } from "../../support/safetensorsWriter";
import { temporaryFolder } from "../../support/temporaryFolder";

/** How many handles this process has on a file; Linux only. */
function openHandles(file: string): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === file;
    } catch {
      return false;
    }
  }).length;
}

describe("NodeFile", () => {
  const path = temporaryFolder();
  const content = patternBytes(1000);
  let file: NodeFile;

  beforeEach(() => {
    writeFileSync(path("a.bin"), content);
    file = new NodeFile(path("a.bin"), content.length);
  });
  afterEach(() => file.close());

  it("reads any range into any view", async () => {
    assert.deepEqual([file.name, file.size, file.ref], ["a.bin", 1000, { kind: "path", path: path("a.bin") }]);
    const buffer = new Uint8Array(30).fill(255);
    await file.read(100, buffer.subarray(10, 20));
    assert.deepEqual([...buffer], [...Array<number>(10).fill(255), ...content.subarray(100, 110), ...Array<number>(10).fill(255)]);
    const shared = new Uint8Array(new SharedArrayBuffer(1000));
    await file.read(0, shared);
    assert.deepEqual(Uint8Array.from(shared), content);
    await file.read(1000, new Uint8Array(0));
  });

  it("serves many reads at once with one handle", async () => {
    const targets = Array.from({ length: 50 }, () => new Uint8Array(10));
    await Promise.all(targets.map((target, index) => file.read(index * 10, target)));
    targets.forEach((target, index) => assert.deepEqual(target, content.slice(index * 10, index * 10 + 10)));
    if (process.platform === "linux") assert.equal(openHandles(path("a.bin")), 1);
  });

  it("refuses reads past the end before it allocates or opens anything", async () => {
    for (const [offset, length] of [
      [991, 10],
      [1001, 0],
      [-1, 1],
      [2 ** 53, 1],
    ] as const) {
      const error = await refusalOf(file.read(offset, new Uint8Array(length)));
      assert.deepEqual([error.code, error.fields.file, error.fields.offset], ["io.truncated", "a.bin", offset]);
    }
    if (process.platform === "linux") assert.equal(openHandles(path("a.bin")), 0);
  });

  it("reads beyond 4 GiB", async function () {
    const size = 2 ** 32 + 5000;
    const fd = openSync(path("sparse"), "w");
    writeSync(fd, content, 0, 1000, 2 ** 32 + 7);
    closeSync(fd);
    truncateSync(path("sparse"), size);
    const sparse = new NodeFile(path("sparse"), size);
    const target = new Uint8Array(1010);
    await sparse.read(2 ** 32, target);
    assert.deepEqual(target.subarray(7, 1007), content);
    await sparse.close();
  });

  it("gives its handle back after a second without reads, and opens again", async function () {
    if (process.platform !== "linux") this.skip();
    this.timeout(5000);
    await file.read(0, new Uint8Array(1));
    assert.equal(openHandles(path("a.bin")), 1);
    await delay(1400);
    assert.equal(openHandles(path("a.bin")), 0);
    const target = new Uint8Array(2);
    await file.read(5, target);
    assert.deepEqual(target, content.slice(5, 7));
    await file.close();
    assert.equal(openHandles(path("a.bin")), 0);
    await file.close();
  });

  it("keeps few handles open, however many files were read", async function () {
    if (process.platform !== "linux") this.skip();
    const before = readdirSync("/proc/self/fd").length;
    const files = Array.from({ length: 200 }, (_, index) => {
      writeFileSync(path(`f${index}`), "x");
      return new NodeFile(path(`f${index}`), 1);
    });
    for (const one of files) await one.read(0, new Uint8Array(1));
    assert.ok(readdirSync("/proc/self/fd").length - before < 80);
    for (const one of files) await one.close();
    assert.ok(readdirSync("/proc/self/fd").length - before < 5);
  });

  it("notices that the file has another size now, also between two opens", async () => {
    await file.read(0, new Uint8Array(1));
    await file.close();
    truncateSync(path("a.bin"), 999);
    const error = await refusalOf(file.read(0, new Uint8Array(1)));
    assert.deepEqual([error.code, error.fields.expected, error.fields.found], ["io.changed", "1000 bytes", "999 bytes"]);
    writeFileSync(path("a.bin"), content);
    await file.read(0, new Uint8Array(1));
  });

  it("reports a file that shrinks while it is open", async () => {
    await file.read(0, new Uint8Array(1));
    truncateSync(path("a.bin"), 10);
    const error = await refusalOf(file.read(5, new Uint8Array(20)));
    assert.equal(error.code, "io.truncated");
    assert.match(error.fields.found ?? "", /10 bytes/);
  });

  it("reports a file that is gone", async () => {
    unlinkSync(path("a.bin"));
    const error = await refusalOf(file.read(0, new Uint8Array(1)));
    assert.deepEqual([error.code, error.fields.found], ["io.not-found", "ENOENT"]);
  });
});
